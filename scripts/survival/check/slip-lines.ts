import type { Slip } from "#consumers/printing/escpos/slip.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Receipt } from "#shared/events/sale-check.ts";
import type { TicketItem } from "#shared/events/sale-ticket.ts";
import { compareCounts, type Finding, type History } from "./history.ts";

type Printed = { readonly id: string; readonly kind: string; readonly source_event: string; readonly reprint_of: string | null; readonly slip: Slip };

/** Line by line what its event says, each as often as it is there: a cook's items with all that is said of them, a guest's lines, total, what is to pay and the change. */
export function checkSlipLines({ all, states }: Pick<History, "all" | "states">, slips: readonly Printed[]): Finding[] {
  const events = new Map(all.map(({ event }) => [event.id, event]));
  const byId = new Map(slips.map((slip) => [slip.id, slip]));
  return slips.flatMap((slip) => {
    let first = slip;
    for (let old = byId.get(slip.reprint_of ?? ""); old !== undefined; old = byId.get(old.reprint_of ?? "")) first = old;
    const event = events.get(first.source_event);
    const place = states.get(event?.merchantid ?? "")?.state as MerchantState | undefined;
    if (event === undefined || place === undefined) return [];
    const should = linesOf(event, place);
    return should === undefined ? [] : compareCounts(`line of slip ${slip.id} (${slip.kind})`, should, slip.kind === "ticket" || slip.kind === "void" ? itemsOn(slip.slip) : rowsOn(slip.slip));
  });
}

function linesOf(event: EventEnvelope, place: MerchantState): readonly string[] | undefined {
  switch (event.type) {
    case "sale.kitchen-ticket.created":
      return event.data.items.map((item) => itemLine(item, ""));
    case "sale.kitchen-ticket.fired":
      return event.data.ticket.items.map((item) => itemLine(item, ""));
    case "sale.kitchen-ticket-item.voided": {
      const { item, quantity, ticket } = event.data;
      return ticket.items.filter((one) => one.item === item).map((one) => itemLine({ ...one, quantity }, "-"));
    }
    case "sale.check.presented":
    case "sale.check.closed":
    case "sale.check.receiptRequested":
      return receiptRows(event.data.receipt, place);
    default:
      return undefined;
  }
}

function itemLine({ quantity, name, variant, seat, modifiers, notes, allergy }: TicketItem, sign: string): string {
  const what = [`${sign}${quantity}x`, variant === null ? name : `${name}, ${variant}`, ...(seat === null ? [] : [`S${seat}`])];
  return [...what, ...modifiers, ...(notes === null ? [] : [`! ${notes}`]), ...(allergy.length === 0 ? [] : [`ALLERGY: ${allergy.join(", ")}`])].join(" | ");
}

/** Each item with the lines that stand under it: those that are indented, and what the guest must not eat. */
function itemsOn({ lines }: Slip): readonly string[] {
  const items: string[][] = [];
  for (const line of lines) {
    if (line.kind === "columns" && /^-?[\d.]+x$/.test(line.cells[0]?.text ?? "")) items.push(line.cells.map(({ text }) => text));
    else if (line.kind === "text" && (line.indent !== undefined || line.text.startsWith(" ALLERGY: "))) items.at(-1)?.push(line.text.trim());
  }
  return items.map((words) => words.join(" | "));
}

function receiptRows({ lines, totals, tenders }: Receipt, { displayDigits, locale }: MerchantState): readonly string[] {
  const { currency } = totals;
  const text = (minor: string) => amountText(minor, currency, displayDigits, locale);
  const some = (label: string, minor: string | undefined) => (minor === undefined || minor === "0" ? [] : [`${label} | ${text(minor)}`]);
  return [
    ...lines.map(({ quantity, name, amount, modifiers }) => [`${quantity}x`, name, text(amount.amount), ...modifiers].join(" | ")),
    `TOTAL ${currency} | ${text(totals.total)}`,
    ...some("To pay", totals.due),
    ...tenders.flatMap(({ tip, tendered, change }) => [...some("Tip", tip.amount), ...some("Given", tendered?.amount), ...some("Change", change?.amount)]),
  ];
}

const SUMS = /^(TOTAL \w+|To pay|Tip|Given|Change)$/;

function rowsOn({ lines }: Slip): readonly string[] {
  const rows: string[][] = [];
  let beforeTotals = true;
  for (const line of lines) {
    if (line.kind === "columns" && line.cells.length === 3 && beforeTotals && /^[\d.]+x$/.test(line.cells[0]?.text ?? "")) rows.push(line.cells.map(({ text }) => text));
    else if (line.kind === "text" && line.indent !== undefined) rows.at(-1)?.push(line.text);
    else if (line.kind === "columns") {
      beforeTotals = beforeTotals && !/^(Net|Subtotal)$/.test(line.cells[0]?.text ?? "");
      if (SUMS.test(line.cells[0]?.text.trim() ?? "")) rows.push(line.cells.map(({ text }) => text.trim()));
    }
  }
  return rows.map((words) => words.join(" | "));
}

/** With the places that the merchant shows, plain signs and spaces. */
function amountText(minor: string, currency: string, digits: number, locale: string): string {
  const places = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return (Number(minor) / 10 ** places).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace(/\p{Zs}/gu, " ").replace("−", "-");
}
