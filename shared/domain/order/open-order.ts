import type { z } from "zod";
import type { addItems } from "#shared/commands/order.ts";
import { cutText } from "#shared/cut-text.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { OrderHeader } from "#shared/events/sale-order.ts";
import { chargeForCovers } from "../check/charge-for-covers.ts";
import type { Change, Context, Reader, Refusal } from "../command.ts";
import { change, guard, refuse } from "../deciding.ts";
import type { PartyState, Person } from "../floor/state.ts";
import { policiesNow } from "../merchant/charged-unit.ts";
import type { OrderState } from "./state.ts";

type Input = z.output<typeof addItems>;

/**
 * The order that the items go to. A party has one at a time: whatever id a tablet brings, its items go to the party's order (failure 2).
 */
export function targetOrder(input: Input, reader: Reader): string {
  return (input.party && reader.get("party", input.party)?.order) ?? input.order;
}

/** A party whose order was completed (it paid, and wants one more coffee) gets its next one, with the tablet's id if that is a new one. */
export function nextOrder(input: Input, completed: OrderState, reader: Reader, context: Context): string {
  return input.order === completed.id || reader.get("order", input.order) ? context.newId("order") : input.order;
}

export type Opening = { readonly header: OrderHeader; readonly before: readonly Change[] };

/** What people call what a party has: its tables. Undefined for a party without any. */
export function partyLabel(party: Pick<PartyState, "tables">): string | undefined {
  return cutText(party.tables.map((table) => table.name).join("+"), 30) || undefined;
}

function partyHeader(party: PartyState, input: Input): OrderHeader {
  const label = partyLabel(party);
  return {
    serviceType: input.opening?.serviceType ?? "dine_in",
    label: label || input.opening?.label || "Party",
    channel: input.opening?.channel ?? "tablet",
    party: party.id,
    customer: input.opening?.customer ?? null,
    promisedAt: input.opening?.promisedAt ?? null,
    server: party.server,
  };
}

/** How an order that is not there yet begins. Its party must still be there when it does. */
export function openOrder(order: string, input: Input, reader: Reader, by: Person): Opening | Refusal {
  if (input.party) {
    const party = reader.get("party", input.party);
    if (!party) return refuse("unknown-party", { party: input.party });
    if (party.cleared) return refuse("party-cleared", { party: party.id });
    const next: DomainEvent = { type: "allocation.usage.orderOpened", data: { order } };
    return { header: partyHeader(party, input), before: [party.order === order ? guard("party", party.id) : change("party", party.id, [next])] };
  }
  if (!input.opening) return refuse("unknown-order", { order });
  return { header: { ...input.opening, party: null, server: by }, before: [] };
}

/** The check that an order's first item opens (DOM-10), with the policies it freezes (DOM-9). */
export function openCheck(order: string, header: OrderHeader, reader: Reader, context: Context): DomainEvent {
  const merchant = reader.get("merchant", context.merchant);
  const policies = merchant && policiesNow(merchant);
  if (!policies) throw new Error(`merchant ${context.merchant} has no policies`);
  const { party, label, serviceType, server } = header;
  const covers = party === null ? null : (reader.get("party", party)?.covers ?? null);
  const charge = covers === null ? undefined : chargeForCovers(policies, covers);
  return {
    type: "sale.check.created",
    data: { order, party, label, serviceType, currency: merchant.currency, policies, server, origin: "order", ...(charge === undefined ? {} : { charge }) },
  };
}
