import { allocationEvents } from "./allocation.ts";
import { approvalEvents } from "./approval.ts";
import { cashEvents } from "./cash.ts";
import { menuEvents } from "./catalog-menu.ts";
import { commerceEvents } from "./commerce.ts";
import { documentEvents } from "./document.ts";
import type { EventDefinition, EventOf } from "./define.ts";
import type { Envelope } from "./envelope.ts";
import { giftCardEvents } from "./gift-card.ts";
import { identityEvents } from "./identity.ts";
import { checkPaymentEvents, houseAccountEvents, paymentEvents, providerEvents, refundEvents, voucherEvents, webhookEvents } from "./payment.ts";
import { printingEvents } from "./printing.ts";
import { saleCheckEvents } from "./sale-check.ts";
import { saleOrderEvents } from "./sale-order.ts";
import { saleTicketEvents } from "./sale-ticket.ts";
import { systemEvents } from "./system.ts";

/** Every event type of the log. */
export const EVENTS = [
  ...commerceEvents,
  ...menuEvents,
  ...identityEvents,
  ...allocationEvents,
  ...saleOrderEvents,
  ...saleCheckEvents,
  ...checkPaymentEvents,
  ...paymentEvents,
  ...refundEvents,
  ...houseAccountEvents,
  ...voucherEvents,
  ...webhookEvents,
  ...providerEvents,
  ...cashEvents,
  ...documentEvents,
  ...approvalEvents,
  ...giftCardEvents,
  ...saleTicketEvents,
  ...printingEvents,
  ...systemEvents,
] as const;

export type DomainEvent = EventOf<typeof EVENTS>;
export type EventType = DomainEvent["type"];
export type DataOf<T extends EventType> = Extract<DomainEvent, { type: T }>["data"];
/** An envelope whose `type` tells the shape of `data`. */
export type EventEnvelope = { [T in EventType]: Envelope<T, DataOf<T>> }[EventType];

const byType: ReadonlyMap<string, EventDefinition> = new Map(EVENTS.map((e) => [e.type, e]));

export function eventDefinition(type: string): EventDefinition | undefined {
  return byType.get(type);
}
