import { readTaxes } from "#shared/domain/check/read-taxes.ts";
import { commitmentInWords } from "#shared/domain/erased.ts";
import type { CashReport, DayReport, DrawerReport } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Cell, Slip, SlipLine } from "../escpos/slip.ts";
import { reportedMethod } from "./methods.ts";
import { moneyText, percentText, shownDecimal } from "./money-text.ts";
import { localDateTime, type Place } from "./place.ts";

const MOVEMENTS = { "pay-in": "In", "pay-out": "Out", "tips-paid": "Tips", "account-paid-out": "Account paid out", drop: "Drop" } as const;

/** As it is printed, and as a spreadsheet adds it up. */
type Shown = Pick<Cell, "text" | "amount">;
type Show = (money: Money) => Shown;
type Row = SlipLine & { readonly kind: "columns" };

/** X or Z of a drawer or of the day, as it was stored; `copy` 0 is the first print. */
export function reportSlip(report: CashReport, copy: number, place: Place): Slip {
  const show: Show = (money) => ({ text: moneyText(money, report.displayDigits, place.locale), amount: shownDecimal(money, report.displayDigits) });
  const lines: SlipLine[] = [
    ...(copy > 0 ? [{ kind: "text", text: ` COPY ${copy} `, size: "large", invert: true, align: "center" } as const] : []),
    { kind: "text", text: report.merchant.name, size: "large", bold: true, align: "center" },
    ...report.merchant.address.map((text): SlipLine => ({ kind: "text", text, align: "center" })),
    { kind: "feed", lines: 1 },
    { kind: "text", text: title(report), size: "tall", bold: true },
    { kind: "text", text: `${localDateTime(report.at, place.zone)}, ${report.by.name}` },
    ...(report.scope === "drawer" ? drawerLines(report, place, show) : dayLines(report, show)),
    { kind: "rule" },
    { kind: "text", text: report.kind === "x" ? "X: so far, nothing is closed" : "Z: closed", align: "center" },
    { kind: "feed", lines: 2 },
    { kind: "cut" },
  ];
  return { lines };
}

export function title(report: CashReport): string {
  const letter = report.kind.toUpperCase();
  if (report.scope === "drawer") return `${letter} ${report.number} - ${report.name}`;
  return `${letter} ${report.number} - Day ${report.from === report.to ? report.to : `${report.from} to ${report.to}`}`;
}

function drawerLines(report: DrawerReport, place: Place, show: Show): SlipLine[] {
  const { count } = report;
  const counted = (label: string, { count: many, amount }: { readonly count: number; readonly amount: Money }, sign: string) => (many === 0 ? [] : [row(`${sign} ${label} (${many})`, show(amount))]);
  const ofItTips = (tips: Money | undefined) => (tips === undefined || tips.amount === "0" ? [] : [row("    of it tips", show(tips))]);
  // An X is printed before the count, which is blind: it has neither what should be in the drawer nor what makes that up (CSH-4).
  const ofGuests = [
    ...counted("Cash taken", report.taken, "+"),
    ...ofItTips(report.tips),
    ...counted("Given back", report.returned, "-"),
    ...ofItTips(report.returnedTips),
  ];
  return [
    { kind: "text", text: `Business date ${report.businessDate}` },
    { kind: "text", text: `Opened ${localDateTime(report.openedAt, place.zone)}, ${report.openedBy.name}` },
    { kind: "rule" },
    row("Float", show(report.float)),
    ...(count === null ? [] : ofGuests),
    ...counted("Paid in", report.paidIn, "+"),
    ...counted("Paid out", report.paidOut, "-"),
    ...counted("Tips paid", report.tipsPaid, "-"),
    ...counted("Accounts paid out", report.accountsPaidOut, "-"),
    ...counted("Dropped", report.dropped, "-"),
    ...(count === null ? [] : [{ ...row("Expected", show(report.expected)), bold: true }, ...countLines(count, report, show)]),
    ...(report.movements.length === 0 ? [] : [{ kind: "rule" } as const]),
    ...report.movements.flatMap(({ kind, amount, reason, at, by }): SlipLine[] => [
      row(`${localDateTime(at, place.zone).slice(11)} ${MOVEMENTS[kind]}`, show(amount)),
      { kind: "text", text: reason === null ? by.name : `${reason} (${by.name})`, indent: 2 },
    ]),
  ];
}

function countLines(count: NonNullable<DrawerReport["count"]>, { currency }: DrawerReport, show: Show): SlipLine[] {
  const difference = BigInt(count.difference.amount);
  return [
    ...count.denominations.filter(({ pieces }) => pieces > 0).map(({ value, pieces }) => row(`  ${pieces} x ${show({ amount: value, currency }).text}`, show({ amount: (BigInt(value) * BigInt(pieces)).toString(), currency }))),
    { ...row("Counted", show(count.counted)), bold: true },
    { ...row(difference === 0n ? "Right" : difference < 0n ? "SHORT" : "OVER", show(count.difference)), bold: true },
    ...(count.note === null ? [] : [{ kind: "text", text: count.note, indent: 2 } as const]),
  ];
}

function dayLines(report: DayReport, show: Show): SlipLine[] {
  const { sales } = report;
  const some: Some = (label, amount) => (amount === undefined || amount.amount === "0" ? [] : [row(label, show(amount))]);
  return [
    { kind: "rule" },
    row("Checks", String(sales.checks)),
    ...(sales.firstReceipt === null ? [] : [row("Receipts", `${sales.firstReceipt}-${sales.lastReceipt ?? ""}`)]),
    row("Net sales", show(sales.net)),
    ...some("  after discounts of", sales.discounts),
    ...some("  after comps of", sales.comps),
    ...some("Service charge", sales.serviceCharge),
    row("Tax", show(sales.tax)),
    ...some("Gift cards sold", sales.storedValue),
    ...some("Rounding of receipts", sales.rounding),
    { ...row(`TOTAL ${report.currency}`, show(sales.total)), bold: true },
    ...taxLines("Tax", report.taxes, show),
    { kind: "rule" },
    ...report.tenders.flatMap(({ method, payments, amount, rounding, tips, overpaid, forfeited }): SlipLine[] => [
      row(`${reportedMethod(method)} (${payments})`, show(amount)),
      ...some("  Rounding", rounding),
      ...some("  Tips", tips),
      ...some("  Paid too much", overpaid),
      ...some("  Rest of vouchers, kept", forfeited),
    ]),
    ...whole(some(`TAKEN ${report.currency}`, report.taken)),
    ...some("  for checks still open", report.prepaid),
    ...some("  Lost: taken back by providers", report.lost),
    ...(report.reversals.count === 0 ? [] : [row(`Reversed (${report.reversals.count})`, show(report.reversals.amount))]),
    ...returnLines(report, show, some),
    ...(report.accounts.length === 0 ? [] : [{ kind: "rule" } as const]),
    ...report.accounts.flatMap(({ method, paid, paidOut, rounding }): SlipLine[] => [
      ...(paid.count === 0 ? [] : [row(`Accounts paid, ${reportedMethod(method)} (${paid.count})`, show(paid.amount))]),
      ...(paidOut.count === 0 ? [] : [row(`Accounts paid out, ${reportedMethod(method)} (${paidOut.count})`, show(less(paidOut.amount)))]),
      ...some("  of it rounding", rounding),
    ]),
    ...(report.drawers.length + report.openDrawers.length === 0 ? [] : [{ kind: "rule" } as const]),
    ...report.drawers.map(({ name, number, difference }) => row(`${name}${number === null ? "" : `, Z ${number}`}`, difference.amount === "0" ? "right" : show(difference))),
    ...report.openDrawers.map(({ name }) => row(name, "STILL OPEN")),
    ...(report.openChecks.length === 0 ? [] : [{ kind: "rule" } as const, { kind: "text", text: `Carried over: ${report.openChecks.length}` } as const]),
    ...report.openChecks.map(({ label, openedOn }) => row(`  ${commitmentInWords(label)}`, openedOn)),
    { kind: "rule" },
    row("Grand total", show(report.grandTotal)),
  ];
}

/** No row for nothing, nor for what was not told when the paper was made. */
type Some = (label: string, amount: Money | undefined) => readonly Row[];

function whole(rows: readonly Row[]): readonly Row[] {
  return rows.map((one) => ({ ...one, bold: true }));
}

function less<Amount extends Money | undefined>(amount: Amount): Amount {
  return amount && { ...amount, amount: (-BigInt(amount.amount)).toString() };
}

/** What went back: of what it was made, which is what the payouts sum to, and by which way. */
function returnLines({ returns, refunds, refunded, currency }: DayReport, show: Show, some: Some): SlipLine[] {
  const coins = refunds.reduce((sum, { rounding }) => sum + BigInt(rounding?.amount ?? "0"), 0n);
  const lines = [
    ...some("Returned, net", less(returns.net)),
    ...some("Returned, tax", less(returns.tax)),
    ...some("Gift cards returned", less(returns.storedValue)),
    ...some("Tips returned", less(returns.tips)),
    ...some("Rounding of receipts returned", less(returns.rounding)),
    ...some("Paid too much, returned", less(returns.overpaid)),
    ...some("Payments of open checks returned", less(returns.prepaid)),
    ...some("Given twice, kept by guests", less(returns.givenUp)),
    ...some("Rounding in coins", { amount: (-coins).toString(), currency }),
    ...some("Not given back yet", returns.pending),
    ...whole(some(`REFUNDED ${currency}`, less(refunded))),
    ...refunds.map(({ method, count, amount }) => row(`Refunded, ${reportedMethod(method)} (${count})`, show(less(amount)))),
    ...taxLines("Returned", returns.taxes, show),
  ];
  return lines.length === 0 ? [] : [{ kind: "rule" }, ...lines];
}

/** As receipts say it: one row for each name and rate, whatever the codes; what was sold without any is no row. Base and tax stand apart, so it is one for both ways of pricing. */
function taxLines(word: string, taxes: DayReport["taxes"], show: Show): SlipLine[] {
  const [first] = taxes;
  const rows = readTaxes(taxes.map((tax) => ({ ...tax, inclusive: false, base: tax.base.amount, tax: tax.tax.amount }))).filter(({ base, tax }) => base !== "0" || tax !== "0");
  if (first === undefined || rows.length === 0) return [];
  const text = (amount: string) => show({ ...first.base, amount });
  return [
    { kind: "rule" },
    { kind: "columns", cells: [{ text: word }, { text: "net", width: 13, align: "right" }, { text: "tax", width: 11, align: "right" }] },
    ...rows.map(({ name, rate, base, tax }): SlipLine => ({
      kind: "columns",
      cells: [{ text: name.includes("%") ? name : `${name} ${percentText(rate)}%` }, { ...text(base), width: 13, align: "right" }, { ...text(tax), width: 11, align: "right" }],
    })),
  ];
}

function row(label: string, value: string | Shown): Row {
  return { kind: "columns", cells: [{ text: label }, { ...(typeof value === "string" ? { text: value } : value), width: 14, align: "right" }] };
}
