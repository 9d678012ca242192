import type { AggregateKind } from "#shared/domain/aggregate.ts";
import { commitmentInWords } from "#shared/domain/erased.ts";
import type { Capability } from "#shared/events/identity.ts";

const KINDS: Readonly<Record<AggregateKind, string>> = {
  organizer: "Company", merchant: "Place", staff: "Person", device: "Device", category: "Category", product: "Product", ingredient: "Ingredient", delivery: "Delivery", countdown: "Countdown",
  table: "Table", party: "Party", order: "Order", check: "Bill", series: "Numbers", payment: "Payment", refund: "Refund", "house-account": "Account", "account-payment": "Payment of an account",
  voucher: "Voucher", webhook: "Message of a provider", drawer: "Drawer", movement: "Drawer movement", till: "Till", "cash-report": "Report", document: "File", ticket: "Ticket", approval: "Request for leave",
  "gift-card": "Gift card", "print-job": "Slip", printer: "Printer", "dead-letter": "Event that was given up", maintenance: "Maintenance",
};

const CAPABILITIES: Readonly<Record<Capability, string>> = {
  "floor.seat": "may seat guests", "order.take": "may take orders", "order.void": "may void", "check.settle": "may settle bills", "drawer.operate": "may work the drawer",
  "approve.adjustments": "may approve discounts", "approve.payments": "may approve payments", "approve.cash": "may approve cash", "kitchen.work": "works in the kitchen", "stock.count": "may count stock",
  "manage.view": "may see the day", "manage.settings": "may change settings", "guest.erase": "may erase guests", "operate.system": "operates the system",
};

/** What it is, as people call it: "Bill 5, receipt R-000012", "Person Mai". */
export function entityInWords({ kind, name, number }: { readonly kind: AggregateKind; readonly name: string | null; readonly number: string | null }): string {
  const called = name === null ? KINDS[kind] : `${KINDS[kind]} ${commitmentInWords(name)}`;
  return number === null ? called : `${called}, ${kind === "check" ? "receipt" : "number"} ${number}`;
}

/** "sale.kitchen-ticket-item.ready": "Kitchen ticket item: ready". */
export function eventInWords(type: string): string {
  const parts = type.split(".");
  const [entity = "", action = ""] = [parts.at(-2), parts.at(-1)];
  return `${entity.charAt(0).toUpperCase()}${entity.slice(1).replaceAll("-", " ")}: ${action.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`;
}

/** By what right: an unknown one, of a later release, by its name. */
export function rightInWords(capability: string): string {
  return CAPABILITIES[capability as Capability] ?? capability;
}

const IDS = /\b([a-z]{2,3}_)[0-9A-HJKMNP-TV-Z]{20}([0-9A-HJKMNP-TV-Z]{6})\b/g;

/** For a line: what is long is cut, and of ids the end is enough to tell them apart. */
export function inShort(text: string, most: number): string {
  const short = text.replaceAll(IDS, "$1…$2");
  return short.length > most ? `${short.slice(0, most)}…` : short;
}

/** Whole, as it was written; what an erased guest was called is not told. */
export function valueInWords(value: unknown, layout: "line" | "block"): string {
  if (value === null || value === undefined) return "–";
  return commitmentInWords(typeof value === "string" ? value : JSON.stringify(value, null, layout === "block" ? 2 : undefined));
}
