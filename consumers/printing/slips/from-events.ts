import { readTaxes } from "#shared/domain/check/read-taxes.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Receipt, Tender } from "#shared/events/sale-check.ts";
import type { Ticket, TicketItem } from "#shared/events/sale-ticket.ts";
import type { KitchenSlipItem, KitchenSlipModel, SlipBanner } from "./kitchen-slip.ts";
import { moneyText, percentText } from "./money-text.ts";
import { localDateTime, localTime, type Place } from "./place.ts";
import { methodName } from "./methods.ts";
import type { ReceiptModel } from "./receipt-slip.ts";

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

function sumOf(amounts: readonly Money[]): bigint {
  return amounts.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

export function receiptModel(receipt: Receipt, kind: ReceiptModel["kind"], at: string, place: Place): ReceiptModel {
  const { totals, displayDigits: digits, parts = [] } = receipt;
  const text = (amount: string) => moneyText({ amount, currency: totals.currency }, digits, place.locale);
  const shown = (amount: string | undefined) => (amount === undefined || isZero(amount) ? null : text(amount));
  const off = (amount: string) => text((-BigInt(amount)).toString());
  // What was paid on no part, or on one that was undone since: with it the parts make up the whole.
  const apart = parts.length === 0 ? "0" : (sumOf(receipt.tenders.map(({ amount }) => amount)) - sumOf(parts.map(({ paid }) => paid))).toString();
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
    subtotal: shown(totals.subtotal),
    adjustments: (totals.adjustments ?? []).map(({ kind: why, amount }) => ({ name: ADJUSTMENTS[why], amount: off(amount) })),
    net: text(totals.net),
    serviceCharge: isZero(totals.serviceCharge) ? null : { percent: totals.serviceChargeRate === undefined ? null : percentText(totals.serviceChargeRate), amount: text(totals.serviceCharge) },
    taxes: readTaxes(totals.taxes).map((tax) => ({ name: tax.name, percent: percentText(tax.rate), inclusive: tax.inclusive, base: text(tax.base), amount: text(tax.tax) })),
    storedValue: shown(totals.storedValue),
    rounding: shown(totals.rounding),
    total: text(totals.total),
    due: isZero(totals.due) ? null : text(totals.due),
    parts: [
      ...(isZero(apart) ? [] : [{ name: "Before the parts", amount: text(apart), paid: true }]),
      ...parts.map(({ name, amount, paid }) => ({ name, amount: text(amount.amount), paid: !isZero(amount.amount) && amount.amount === paid.amount })),
    ],
    payments: receipt.tenders.map((tender) => payment(tender, parts.find(({ part }) => part === tender.part)?.name ?? null, text)),
    copy: receipt.copy,
  };
}

const ADJUSTMENTS = { discount: "Discount", comp: "On the house", "staff-meal": "Staff meal" } as const;

function payment(tender: Tender, part: string | null, text: (amount: string) => string): ReceiptModel["payments"][number] {
  const shown = (amount: { readonly amount: string } | null) => (amount === null || isZero(amount.amount) ? null : text(amount.amount));
  const named = [methodName(tender.method), tender.slip ?? tender.reference, part === null ? undefined : `- ${part}`];
  return {
    method: named.filter((word) => word !== undefined).join(" "),
    amount: text(tender.amount.amount),
    tip: shown(tender.tip),
    tendered: shown(tender.tendered),
    change: shown(tender.change),
    rounding: shown(tender.roundingDifference),
    signed: tender.method === "house-account",
  };
}

function isZero(amount: string): boolean {
  return BigInt(amount) === 0n;
}
