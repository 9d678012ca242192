import type { RefundDocument, RefundLine } from "#shared/events/payment.ts";
import type { CheckTotals } from "#shared/events/sale-check.ts";
import { allocate } from "#shared/money/allocate.ts";
import { moneyOf } from "#shared/money/money.ts";
import { compareQuantities, thousandths } from "#shared/money/quantity.ts";
import { divideToUnit, unitOf, type Rounding } from "#shared/money/rounding.ts";
import type { CheckState } from "../check/state.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Reader, Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import { giftCardOf, isStoredValue } from "../gift-card/gift-card.ts";
import { atTheMix, partsOfItems } from "./refund-bases.ts";
import { billedQuantity, leftToRefund, refundedName } from "./refund-quantity.ts";
import { sharePrices } from "./share-prices.ts";

/** Value that a check sold and that goes back with its money, as long as nobody has spent any of it. */
export type ReturnedCard = { readonly card: string; readonly amount: bigint };
/**
 * What a refund gives back, in minor units: net + serviceCharge + taxes + rounding + cards = total. `taxes` and what they are on (`bases`) stand in the order of the check's
 * rows; `rounding`: of a receipt that rounds for itself (DOM-11), which may be below zero.
 */
export type RefundAmounts = {
  readonly lines: readonly RefundLine[];
  readonly net: bigint;
  readonly serviceCharge: bigint;
  readonly taxes: readonly bigint[];
  readonly bases: readonly bigint[];
  readonly rounding: bigint;
  readonly cards: readonly ReturnedCard[];
};

export function totalOf({ net, serviceCharge, taxes, rounding, cards }: RefundAmounts): bigint {
  return taxes.reduce((sum, tax) => sum + tax, net + serviceCharge + rounding) + valueOf(cards);
}

function valueOf(cards: readonly ReturnedCard[]): bigint {
  return cards.reduce((sum, { amount }) => sum + amount, 0n);
}

/** The closed check's figures as they were printed, and what refunds have given back of them. */
export function billOf(check: CheckState): CheckTotals {
  if (!check.receipt) throw new Error(`check ${check.id} is not closed`);
  return check.receipt.totals;
}

function documents(check: CheckState): readonly RefundDocument[] {
  return (check.refunds ?? []).map(({ document }) => document).filter(({ kind }) => kind !== "overpayment" && kind !== "payment");
}

/** What is left of the sale, without the gift cards that it sold. */
export function leftOf(check: CheckState): RefundAmounts {
  const bill = billOf(check);
  const done = documents(check);
  const less = (all: string, of: (document: RefundDocument) => string) => done.reduce((left, document) => left - BigInt(of(document)), BigInt(all));
  return {
    lines: [],
    net: less(bill.net, ({ net }) => net),
    serviceCharge: less(bill.serviceCharge, ({ serviceCharge }) => serviceCharge),
    taxes: bill.taxes.map((row, i) => less(row.tax, ({ taxes }) => taxes[i]?.tax ?? "0")),
    // Documents from before made the base of a rounded tax, and may have given back more than there was.
    bases: bill.taxes.map((row, i) => notBelowZero(less(row.base, ({ taxes }) => taxes[i]?.base ?? "0"))),
    rounding: less(bill.rounding ?? "0", ({ rounding = "0" }) => rounding),
    cards: [],
  };
}

/** A card that the check sold and that nobody has used. */
function unspentCard(check: CheckState, item: string, reader: Reader): ReturnedCard | Refusal {
  const card = giftCardOf(item);
  const state = reader.get("gift-card", card);
  const loaded = BigInt(state?.loaded.amount ?? "0");
  if (!state || state.soldOn !== check.id || loaded === 0n) return refuse("nothing-to-refund", { check: check.id });
  return state.balance.amount === state.loaded.amount ? { card, amount: loaded } : refuse("gift-card-spent", { card, left: state.balance });
}

/** All that is left: also the gift cards that were sold, but those that somebody has spent of. `tips`: minor units that go back with it, and alone when there is nothing else. */
export function amountsOfAll(check: CheckState, tips: bigint, reader: Reader): RefundAmounts | Refusal {
  const items = new Set(Object.values(check.shares).filter(isStoredValue).map(({ item }) => item));
  const found = [...items].map((item) => unspentCard(check, item, reader));
  const left = { ...leftOf(check), cards: found.flatMap((card) => ("refused" in card ? [] : [card])) };
  if (totalOf(left) > 0n || tips > 0n) return left;
  const [spent] = found.flatMap((card) => ("refused" in card && card.refused === "gift-card-spent" ? [card] : []));
  return spent ?? refuse("nothing-to-refund", { check: check.id });
}

/** An amount at the check's own mix of rates: largest remainder over what is left, so that the last refund leaves exactly nothing. */
export function amountsFor(check: CheckState, amount: bigint): RefundAmounts | Refusal {
  const left = leftOf(check);
  const most = totalOf(left);
  if (most <= 0n) return refuse("nothing-to-refund", { check: check.id });
  if (amount > most) return refuse("over-refundable", { refundable: moneyOf(most, check.currency) });
  if (amount === most) return left;
  const unit = unitOf(check.policies.rounding);
  const odd = unitRefusal({ amount: moneyOf(amount, check.currency) }, unit);
  if (odd) return odd;
  const sold = most - left.rounding;
  return { lines: [], ...atTheMix(left, least(amount, sold), unit), rounding: amount < sold ? 0n : amount - sold, cards: [] };
}

type WantedItem = { readonly share: string; readonly quantity?: string | undefined };

/** Of so much of a price, its part of `whole`: steps of one rounded line, so that parts of a share add up to it. */
function within(price: bigint, from: bigint, to: bigint, whole: bigint, { unit }: Rounding): bigint {
  if (price === 0n) return 0n;
  const upTo = (amount: bigint) => (amount === price ? whole : divideToUnit(whole * amount, price, { mode: "half-up", unit }));
  return upTo(to) - upTo(from);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function notBelowZero(amount: bigint): bigint {
  return amount < 0n ? 0n : amount;
}

/** Whole lines or quantities of them, each at the rate it was sold at and with its part of the service charge; a gift card that was sold only whole and unspent. */
export function amountsOfItems(check: CheckState, items: readonly WantedItem[], reader: Reader): RefundAmounts | Refusal {
  const bill = billOf(check);
  const { rounding } = check.policies;
  const prices = sharePrices(check, bill);
  const left = leftOf(check);
  const before = documents(check).flatMap((document) => document.lines);
  const taxes = bill.taxes.map(() => 0n);
  const bases = bill.taxes.map(() => 0n);
  const lines: RefundLine[] = [];
  const cards: ReturnedCard[] = [];
  let serviceCharge = 0n;
  for (const { share: id, quantity: wanted } of items) {
    const share = check.shares[id];
    if (!share || lines.some((line) => line.share === id)) return refuse("unknown-share", { share: id });
    const own = before.filter((line) => line.share === id);
    const there = leftToRefund(check, share);
    const quantity = wanted ?? there;
    if (compareQuantities(there, "0") <= 0 || compareQuantities(quantity, there) > 0) return refuse("item-refunded", { share: id, left: there });
    const line = { share: id, item: share.item, name: refundedName(share), quantity };
    const price = prices.get(id);
    if (!price) {
      const card = unspentCard(check, share.item, reader);
      if ("refused" in card) return card;
      cards.push(card);
      lines.push({ ...line, amount: moneyOf(card.amount, check.currency) });
      continue;
    }
    const paidBack = own.reduce((sum, one) => sum + BigInt(one.amount.amount), 0n);
    const amount = compareQuantities(quantity, there) === 0 ? price.gross - paidBack : divideToUnit(price.gross * thousandths(quantity), thousandths(billedQuantity(share)), { mode: "down", unit: rounding.unit });
    const part = (whole: bigint) => within(price.gross, paidBack, paidBack + amount, whole, rounding);
    lines.push({ ...line, amount: moneyOf(amount, check.currency), listed: moneyOf(part(price.listed), check.currency) });
    serviceCharge += part(price.serviceCharge);
    price.taxes.forEach((tax, row) => (taxes[row] = (taxes[row] ?? 0n) + part(tax)));
    price.bases.forEach((base, row) => (bases[row] = (bases[row] ?? 0n) + part(base)));
  }
  const value = valueOf(cards);
  const total = lines.reduce((sum, line) => sum + BigInt(line.amount.amount), 0n) - value;
  const most = totalOf(left) - left.rounding;
  if (total + value <= 0n) return refuse("nothing-to-refund", { check: check.id });
  if (total > most) return refuse("over-refundable", { refundable: moneyOf(most, check.currency) });
  // Nothing of the sale stays, or nothing of what was paid for it, so its rounding goes too.
  if (total >= least(most, totalOf(left))) return { ...left, lines: asListed(lines, left.net, bill, rounding), cards };
  const net = total - taxes.reduce((sum, tax) => sum + tax, serviceCharge);
  const unit = unitOf(rounding);
  // A piece so small that its rounded parts are more than itself has no mix of its own.
  const parts = net < 0n ? atTheMix(left, total, unit) : partsOfItems(asBilled(bill), left, { net, serviceCharge, taxes, bases }, unit);
  return { lines: asListed(lines, parts.net, bill, rounding), ...parts, rounding: 0n, cards };
}

function asBilled(bill: CheckTotals): Pick<RefundAmounts, "net" | "serviceCharge" | "bases"> {
  return { net: BigInt(bill.net), serviceCharge: BigInt(bill.serviceCharge), bases: bill.taxes.map(({ base }) => BigInt(base)) };
}

/** Where all tax is added, what the lines read is the net: to the unit, so that the paper adds up. What has tax inside reads as on the bill. */
function asListed(lines: readonly RefundLine[], net: bigint, bill: CheckTotals, rounding: Rounding): readonly RefundLine[] {
  const weights = lines.map(({ listed }) => BigInt(listed?.amount ?? "0"));
  if (bill.taxes.some(({ inclusive }) => inclusive) || weights.every((weight) => weight === 0n)) return lines;
  const read = allocate(net, weights, unitOf(rounding));
  return lines.map((line, i) => (line.listed ? { ...line, listed: { ...line.listed, amount: (read[i] ?? 0n).toString() } } : line));
}

/** In the document, beside the bill's rows. */
export function taxRowsOf(check: CheckState, { taxes, bases }: Pick<RefundAmounts, "taxes" | "bases">): RefundDocument["taxes"] {
  return billOf(check).taxes.map((row, i) => ({ ...row, base: (bases[i] ?? 0n).toString(), tax: (taxes[i] ?? 0n).toString() }));
}
