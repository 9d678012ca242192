import { tableTitle } from "#shared/domain/floor/table-title.ts";
import type { Receipt, Tender } from "#shared/events/sale-check.ts";
import type { Ticket, TicketItem } from "#shared/events/sale-ticket.ts";
import type { KitchenSlipItem, KitchenSlipModel, SlipBanner } from "./kitchen-slip.ts";
import { moneyText, percentText } from "./money-text.ts";
import type { ReceiptModel } from "./receipt-slip.ts";

/** Where the paper is: its clock and its way of writing numbers. */
export type Place = { readonly zone: string; readonly locale: string };

export function ticketModel(ticket: Ticket, slipNumber: number, at: string, place: Place): KitchenSlipModel {
  return { ...ticketHead(ticket, slipNumber, at, place), banners: ticket.mark === "ADD" ? [{ kind: "ADD" }] : [], items: ticket.items.map(slipItem), void: null };
}

export type Voided = { readonly item: string; readonly quantity: string; readonly remaining: string | null; readonly reason: string; readonly by: string; readonly ticket: Ticket };

/** Names the line by everything that tells it from its neighbours: seat, modifiers, notes. */
export function voidModel(voided: Voided, slipNumber: number, at: string, place: Place): KitchenSlipModel {
  const item = voided.ticket.items.find((candidate) => candidate.item === voided.item);
  if (!item) throw new Error(`the void names ${voided.item}, which is not on its ticket`);
  const banners: SlipBanner[] = [{ kind: "VOID" }];
  const { reason, by, remaining } = voided;
  return { ...ticketHead(voided.ticket, slipNumber, at, place), banners, items: [slipItem({ ...item, quantity: voided.quantity })], void: { reason, by, remaining } };
}

function ticketHead(ticket: Ticket, slipNumber: number, at: string, place: Place) {
  return {
    label: ticket.serviceType === "dine_in" ? tableTitle(ticket.label) : ticket.label,
    ticketNumber: ticket.number,
    stationName: ticket.stationName,
    stationNumber: ticket.stationNumber,
    slipNumber,
    time: localTime(at, place.zone),
    server: ticket.server,
    serviceType: ticket.serviceType,
    promisedAt: ticket.promisedAt === null ? null : localTime(ticket.promisedAt, place.zone),
    customer: ticket.customer,
    course: ticket.course,
  };
}

function slipItem({ quantity, name, variant, seat, modifiers, notes, allergy }: TicketItem): KitchenSlipItem {
  return { quantity, name, variant, seat, modifiers, notes, allergy };
}

export function receiptModel(receipt: Receipt, kind: ReceiptModel["kind"], at: string, place: Place): ReceiptModel {
  const { totals, displayDigits: digits } = receipt;
  const text = (amount: string) => moneyText({ amount, currency: totals.currency }, digits, place.locale);
  return {
    kind,
    merchant: receipt.merchant,
    number: receipt.number,
    label: tableTitle(receipt.label),
    server: receipt.server,
    openedAt: localDateTime(receipt.openedAt, place.zone),
    printedAt: localDateTime(at, place.zone),
    currency: totals.currency,
    lines: receipt.lines.map((line) => ({ quantity: line.quantity, name: line.name, modifiers: line.modifiers, amount: text(line.amount.amount) })),
    subtotal: text(totals.net),
    serviceCharge: isZero(totals.serviceCharge) ? null : text(totals.serviceCharge),
    taxes: totals.taxes.map((tax) => ({ name: tax.name, percent: percentText(tax.rate), amount: text(tax.tax) })),
    total: text(totals.total),
    due: isZero(totals.due) ? null : text(totals.due),
    payments: receipt.tenders.map((tender) => payment(tender, text)),
    copy: receipt.copy,
  };
}

function payment(tender: Tender, text: (amount: string) => string): ReceiptModel["payments"][number] {
  const shown = (amount: { readonly amount: string } | null) => (amount === null || isZero(amount.amount) ? null : text(amount.amount));
  return {
    method: tender.method === "cash" ? "Cash" : `Card${tender.slip === null ? "" : ` ${tender.slip}`}`,
    amount: text(tender.amount.amount),
    tip: shown(tender.tip),
    tendered: shown(tender.tendered),
    change: shown(tender.change),
    rounding: shown(tender.roundingDifference),
  };
}

function isZero(amount: string): boolean {
  return BigInt(amount) === 0n;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** "19:20" */
function localTime(instant: string, zone: string): string {
  return parts(instant, zone).slice(11);
}

/** "2026-11-20 19:20" */
function localDateTime(instant: string, zone: string): string {
  return parts(instant, zone);
}

function parts(instant: string, zone: string): string {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
    clocks.set(zone, clock);
  }
  return clock.format(new Date(instant));
}
