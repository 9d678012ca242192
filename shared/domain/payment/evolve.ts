import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { PaymentState } from "./state.ts";

/** DOM-14. */
export function evolvePayment(state: PaymentState | undefined, event: EventEnvelope): PaymentState {
  switch (event.type) {
    case "payment.transaction.created": {
      const { check, order, drawer, tender } = event.data;
      return { id: event.subject, check, order, drawer, tender, status: "created" };
    }
    case "payment.attempt.created":
      return { ...existing("payment", state, event), status: "sent" };
    case "payment.attempt.success":
      return { ...existing("payment", state, event), status: "captured" };
    case "payment.order.success":
      return existing("payment", state, event);
    default:
      throw unexpectedEvent("payment", event);
  }
}
