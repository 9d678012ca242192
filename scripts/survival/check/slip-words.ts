import { moneyText } from "#consumers/printing/slips/money-text.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { TicketItem } from "#shared/events/sale-ticket.ts";
import type { Finding, History } from "./history.ts";
import type { JobRow } from "./print-jobs.ts";

type Printed = Pick<JobRow, "id" | "kind" | "source_event" | "reprint_of" | "state"> & { readonly text: string };

/** What the log says must be read on a slip of its event: a cook's items, a guest's lines and total, what a drawer was opened for. One more of the same says so. */
export function missingWords({ all, states }: History, slips: readonly Printed[]): Finding[] {
  const events = new Map(all.map(({ event }) => [event.id, event]));
  const byId = new Map(slips.map((slip) => [slip.id, slip]));
  return slips.flatMap((slip) => {
    const original = originalOf(slip, byId);
    const event = events.get(original.source_event);
    const merchant = states.get(event?.merchantid ?? "")?.state as MerchantState | undefined;
    if (event === undefined || merchant === undefined) return [`slip ${slip.id} is for ${slip.source_event}, which the log does not know`];
    const wanted = [...(slip === original ? [] : ["REPRINT"]), ...wordsOf(event, ({ amount, currency }) => moneyText({ amount, currency }, merchant.displayDigits, merchant.locale))];
    const missing = wanted.flatMap((words) => words.split(/\s+/)).find((word) => !isThere(word, slip.text));
    return missing === undefined ? [] : [`slip ${slip.id} (${slip.kind}) does not say ${missing}`];
  });
}

function originalOf(slip: Printed, byId: ReadonlyMap<string, Printed>): Printed {
  const old = slip.reprint_of === null ? undefined : byId.get(slip.reprint_of);
  return old === undefined ? slip : originalOf(old, byId);
}

/** Letters that the printer has not are drawn, and with them the line that they stand in. */
function isThere(word: string, text: string): boolean {
  return text.includes(word) || text.includes("[picture]");
}

function wordsOf(event: EventEnvelope, money: (of: Money) => string): readonly string[] {
  switch (event.type) {
    case "sale.kitchen-ticket.created":
      return [event.data.label, `#${event.data.number}`, ...event.data.items.flatMap(itemWords)];
    case "sale.kitchen-ticket.fired":
      return [event.data.ticket.label, `#${event.data.ticket.number}`, ...event.data.ticket.items.flatMap(itemWords)];
    case "sale.kitchen-ticket-item.voided": {
      const { item, quantity, reason, ticket } = event.data;
      return ["VOID", reason, ...ticket.items.filter((one) => one.item === item).flatMap((one) => itemWords({ ...one, quantity }))];
    }
    case "sale.check.presented":
    case "sale.check.receiptRequested": {
      const { label, lines, totals, copy, number } = event.data.receipt;
      return [label, number, ...(copy > 0 ? [`COPY ${copy}`] : []), ...lines.flatMap(({ quantity, name, amount }) => [`${quantity}x`, name, money(amount)]), money({ amount: totals.total, currency: totals.currency })];
    }
    case "payment.refund.created": {
      const { number, lines, reason, payouts, currency } = event.data;
      const whole = payouts.reduce((sum, { amount, tip }) => sum + BigInt(amount.amount) + BigInt(tip.amount), 0n);
      return ["REFUND", number, reason, ...lines.flatMap(({ quantity, name }) => [`${quantity}x`, name]), money({ amount: String(whole), currency })];
    }
    case "payment.house-account.paid":
    case "payment.house-account.paidOut":
      return [event.data.name, money(event.data.amount), money(event.data.left)];
    case "cash.drawer.paidIn":
    case "cash.drawer.paidOut":
    case "cash.drawer.dropped":
      return [event.data.reason, money(event.data.amount)];
    case "cash.drawer.tipsPaid":
      return [event.data.to.name, money(event.data.amount)];
    case "cash.report.made":
      return [`${event.data.report.kind.toUpperCase()} ${event.data.report.number}`];
    case "cash.report.printRequested":
      return [`${event.data.report.kind.toUpperCase()} ${event.data.report.number}`, `COPY ${event.data.copy}`];
    default:
      return [];
  }
}

function itemWords({ quantity, name, variant, modifiers, notes, allergy }: TicketItem): readonly string[] {
  return [`${quantity}x`, name, ...(variant === null ? [] : [variant]), ...modifiers, ...(notes === null ? [] : [notes]), ...allergy];
}
