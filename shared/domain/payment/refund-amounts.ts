import type { RefundDocument, RefundLine } from "#shared/events/payment.ts";
import type { CheckTotals, Share } from "#shared/events/sale-check.ts";
import { allocate } from "#shared/money/allocate.ts";
import { fractionOfDecimal } from "#shared/money/fraction.ts";
import { moneyOf } from "#shared/money/money.ts";
import { compareQuantities, subtractQuantities, thousandths } from "#shared/money/quantity.ts";
import { divideRounded } from "#shared/money/rounding.ts";
import { payableAmount } from "../check/lines.ts";
import type { CheckState } from "../check/state.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";

type TaxRow = CheckTotals["taxes"][number];
/** What a refund gives back, in minor units: net + serviceCharge + taxes = total. Taxes stand in the order of the check's rows. */
export type RefundAmounts = { readonly lines: readonly RefundLine[]; readonly net: bigint; readonly serviceCharge: bigint; readonly taxes: readonly bigint[] };

export function totalOf({ net, serviceCharge, taxes }: RefundAmounts): bigint {
  return taxes.reduce((sum, tax) => sum + tax, net + serviceCharge);
}

/** The closed check's figures as they were printed, and what refunds have given back of them. */
export function billOf(check: CheckState): CheckTotals {
  if (!check.receipt) throw new Error(`check ${check.id} is not closed`);
  return check.receipt.totals;
}

function documents(check: CheckState): readonly RefundDocument[] {
  return (check.refunds ?? []).map(({ document }) => document).filter(({ kind }) => kind !== "overpayment");
}

/** What is left of the sale. A gift card that was sold is no sale and is not among it. */
export function leftOf(check: CheckState): RefundAmounts {
  const bill = billOf(check);
  const done = documents(check);
  const less = (all: string, of: (document: RefundDocument) => string) => done.reduce((left, document) => left - BigInt(of(document)), BigInt(all));
  return {
    lines: [],
    net: less(bill.net, ({ net }) => net),
    serviceCharge: less(bill.serviceCharge, ({ serviceCharge }) => serviceCharge),
    taxes: bill.taxes.map((row, i) => less(row.tax, ({ taxes }) => taxes[i]?.tax ?? "0")),
  };
}

/** An amount at the check's own mix of rates: largest remainder over what is left, so that the last refund leaves exactly nothing. */
export function amountsFor(check: CheckState, amount: bigint): RefundAmounts | Refusal {
  const left = leftOf(check);
  const most = totalOf(left);
  if (most <= 0n) return refuse("nothing-to-refund", { check: check.id });
  if (amount > most) return refuse("over-refundable", { refundable: moneyOf(most, check.currency) });
  const [net = 0n, serviceCharge = 0n, ...taxes] = allocate(amount, [left.net, left.serviceCharge, ...left.taxes]);
  return { lines: [], net, serviceCharge, taxes };
}

function isOf(row: TaxRow, share: Share): boolean {
  return row.code === share.tax.code && row.rate === share.tax.rate && row.inclusive === share.tax.inclusive;
}

/** What each share cost with its tax: the goods' total over their prices with tax, by largest remainder. */
function grossOf(check: CheckState): ReadonlyMap<string, bigint> {
  const bill = billOf(check);
  const shares = Object.values(check.shares).filter((share) => share.kind !== "stored-value");
  const charge = BigInt(bill.serviceCharge);
  const weight = (amount: bigint, rate: string, inclusive: boolean) => {
    const { numerator, denominator } = fractionOfDecimal(rate);
    return inclusive ? amount * 1_000_000n : amount * 1_000_000n + (amount * numerator * 1_000_000n) / denominator;
  };
  const weights = shares.map((share) => weight(payableAmount(share, check.policies.rounding.mode), share.tax.rate, share.tax.inclusive));
  const chargeCode = check.policies.serviceCharge?.taxCode ?? null;
  const chargeTax = chargeCode === null ? undefined : bill.taxes.find((row) => row.code === chargeCode);
  // The charge stands in the bill without its tax, whichever way that is reckoned.
  const total = BigInt(bill.total) - BigInt(bill.storedValue ?? "0") - BigInt(bill.rounding ?? "0");
  const parts = allocate(total, [...weights, weight(charge, chargeTax?.rate ?? "0", false)]);
  return new Map(shares.map((share, i) => [share.share, parts[i] ?? 0n]));
}

type WantedItem = { readonly share: string; readonly quantity?: string | undefined };

/** Of so much of its price, the tax: steps of one rounded line, so that parts of a share add up to it. */
function taxWithin(gross: bigint, from: bigint, to: bigint, tax: bigint): bigint {
  if (gross === 0n) return 0n;
  const upTo = (amount: bigint) => divideRounded(tax * amount, gross, "half-up");
  return upTo(to) - upTo(from);
}

/** Whole lines or quantities of them, each at the rate it was sold at. */
export function amountsOfItems(check: CheckState, items: readonly WantedItem[]): RefundAmounts | Refusal {
  const bill = billOf(check);
  const gross = grossOf(check);
  const left = leftOf(check);
  const before = documents(check).flatMap((document) => document.lines);
  const taxes = bill.taxes.map(() => 0n);
  const lines: RefundLine[] = [];
  for (const { share: id, quantity: wanted } of items) {
    const share = check.shares[id];
    if (!share || !gross.has(id) || lines.some((line) => line.share === id)) return refuse("unknown-share", { share: id });
    const price = gross.get(id) ?? 0n;
    const own = before.filter((line) => line.share === id);
    const there = own.reduce((rest, line) => subtractQuantities(rest, line.quantity), share.quantity);
    const quantity = wanted ?? there;
    if (compareQuantities(there, "0") <= 0 || compareQuantities(quantity, there) > 0) return refuse("item-refunded", { share: id, left: there });
    const paidBack = own.reduce((sum, line) => sum + BigInt(line.amount.amount), 0n);
    const amount = compareQuantities(quantity, there) === 0 ? price - paidBack : divideRounded(price * thousandths(quantity), thousandths(share.quantity), "down");
    lines.push({ share: id, item: share.item, name: share.name, quantity, amount: moneyOf(amount, check.currency) });
    const row = bill.taxes.findIndex((one) => isOf(one, share));
    if (row < 0) continue;
    const inRow = Object.values(check.shares).filter((one) => isOf(bill.taxes[row] as TaxRow, one));
    const tax = allocate(BigInt(bill.taxes[row]?.tax ?? "0"), inRow.map((one) => gross.get(one.share) ?? 0n))[inRow.findIndex((one) => one.share === id)] ?? 0n;
    const part = taxWithin(price, paidBack, paidBack + amount, tax);
    taxes[row] = (taxes[row] ?? 0n) + part;
  }
  const total = lines.reduce((sum, line) => sum + BigInt(line.amount.amount), 0n);
  const most = totalOf(left);
  if (total <= 0n) return refuse("nothing-to-refund", { check: check.id });
  if (total > most) return refuse("over-refundable", { refundable: moneyOf(most, check.currency) });
  // After refunds of amounts less may be left of a rate than the items bore: then what is left is what can be given back.
  const capped = taxes.map((tax, i) => (tax < (left.taxes[i] ?? 0n) ? tax : (left.taxes[i] ?? 0n)));
  const net = total - capped.reduce((sum, tax) => sum + tax, 0n);
  if (net <= left.net) return { lines, net, serviceCharge: 0n, taxes: capped };
  const spread = amountsFor(check, total);
  return "refused" in spread ? spread : { ...spread, lines };
}

/** In the document, beside the bill's rows: the base is the refunded part of each row's. */
export function taxRowsOf(check: CheckState, taxes: readonly bigint[]): RefundDocument["taxes"] {
  return billOf(check).taxes.map((row, i) => {
    const tax = taxes[i] ?? 0n;
    const whole = BigInt(row.tax);
    const base = whole === 0n ? 0n : divideRounded(BigInt(row.base) * tax, whole, "half-up");
    return { ...row, base: base.toString(), tax: tax.toString() };
  });
}
