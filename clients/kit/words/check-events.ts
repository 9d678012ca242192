import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { PaymentMethod } from "#shared/events/sale-check.ts";
import { ADJUSTMENT_WORDS } from "./checks.ts";

const UPDATES: Readonly<Record<string, string>> = {
  split: "moved items",
  share: "shared items",
  move: "moved the bill",
  adjust: "took something off",
  "adjustment-removed": "took a discount back",
  "charge-removed": "took off the service charge",
  "charge-restored": "put the service charge back",
  parts: "divided the payment",
  covers: "changed the covers",
  "order-merge": "merged orders",
  "order-split": "divided the party",
  family: "changed the bill",
  "hand-over": "handed the table over",
  void: "voided an item",
};

const PROVIDER_WORDS: Partial<Readonly<Record<PaymentMethod, string>>> = { "card-terminal": "The card terminal", qr: "The QR code" };

/** Who is named for it: a person, what the guest paid with when its provider told us, or the hub by itself. */
export function whoDid(event: EventEnvelope, people: ReadonlyMap<string, string>): string {
  const person = people.get(event.actor);
  if (person !== undefined) return person;
  const method = event.type === "sale.check.paymentApplied" ? event.data.tender.method : event.type === "sale.check.attemptOpened" ? event.data.method : null;
  if (method !== null && !event.actor.startsWith("staff:")) return PROVIDER_WORDS[method] ?? "The hub";
  return event.actor.startsWith("staff:") ? "Somebody" : "The hub";
}

/** The end of a sentence that begins with a name; null when it is nobody's business. */
export function whatWasDone(event: EventEnvelope): string | null {
  switch (event.type) {
    case "sale.check.updated": {
      if (event.data.why === "adjust") {
        const given = event.data.adjustments?.at(-1);
        return given ? `gave: ${ADJUSTMENT_WORDS[given.kind].toLowerCase()}` : "took something off";
      }
      if (event.data.why !== undefined) return UPDATES[event.data.why] ?? "changed the bill";
      return event.data.added.length > 0 ? "added to the bill" : "changed the bill";
    }
    case "sale.check.merged":
      return "merged bills";
    case "sale.check.rolledBack":
      return "undid it";
    case "sale.check.paymentApplied":
      return "took a payment";
    case "sale.check.overpaymentApplied":
      return "paid with what was paid too much";
    case "sale.check.paymentReversed":
      return "took a payment back";
    case "sale.check.attemptOpened":
      // What a provider holds is told by the provider.
      return event.data.holds && !event.actor.startsWith("staff:") ? "holds the money" : "began a payment";
    case "sale.check.closed":
      return "closed a bill";
    case "sale.check.presented":
      return "printed a bill";
    default:
      return null;
  }
}
