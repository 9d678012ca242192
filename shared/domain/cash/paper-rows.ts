import type { DayReport } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import { readTaxes } from "../check/read-taxes.ts";
import { commitmentInWords } from "../erased.ts";
import type { BlindReport } from "./blind.ts";

/** What an X or Z says, whoever shows it: the paper, the spreadsheet and the screen only lay it out. A value that is a text is shown as it is, null is none. */
export type PaperRow = { readonly label: string; readonly value: Money | string | null; readonly strong?: true; readonly within?: true };
export type PaperTax = { readonly name: string; readonly rate: string; readonly base: Money; readonly tax: Money };
/** Rows that belong together; those without any are left out. */
export type PaperSection = { readonly rows: readonly PaperRow[] } | { readonly word: string; readonly taxes: readonly PaperTax[] };

/** How a way to pay is called. */
type Named = (method: string) => string;

/** A blind report has neither what should be in the drawer nor what makes that up (CSH-4). */
export function drawerRows(report: BlindReport, amount: (money: Money) => string): readonly PaperRow[] {
  const { count, currency } = report;
  const denominations = count?.denominations.filter(({ pieces }) => pieces > 0) ?? [];
  return [
    { label: "Float", value: report.float },
    ...counted("+ Cash taken", report.taken),
    ...within(some("of it tips", report.tips)),
    ...counted("- Given back", report.returned),
    ...within(some("of it tips", report.returnedTips)),
    ...counted("+ Paid in", report.paidIn),
    ...counted("- Paid out", report.paidOut),
    ...counted("- Tips paid", report.tipsPaid),
    ...counted("- Accounts paid out", report.accountsPaidOut),
    ...counted("- Dropped", report.dropped),
    ...(report.expected ? strong([{ label: "Expected", value: report.expected }]) : []),
    ...within(denominations.map(({ value, pieces }) => ({ label: `${pieces} x ${amount({ amount: value, currency })}`, value: { amount: (BigInt(value) * BigInt(pieces)).toString(), currency } }))),
    ...(count ? strong([{ label: "Counted", value: count.counted }, { label: sense(count.difference), value: count.difference }]) : []),
    ...(count?.note ? within([{ label: count.note, value: null }]) : []),
  ];
}

export function daySections(report: DayReport, named: Named): readonly PaperSection[] {
  const { openChecks, returns } = report;
  const sections: readonly PaperSection[] = [
    { rows: saleRows(report) },
    { word: "Tax", taxes: taxesOf(report.taxes) },
    { rows: tenderRows(report, named) },
    { rows: returnRows(report, named) },
    { word: "Returned", taxes: taxesOf(returns.taxes) },
    { rows: accountRows(report, named) },
    { rows: drawersOf(report) },
    { rows: openChecks.length === 0 ? [] : [{ label: `Carried over: ${openChecks.length}`, value: null }, ...within(openChecks.map(({ label, openedOn }) => ({ label: commitmentInWords(label), value: openedOn })))] },
    { rows: [{ label: "Grand total", value: report.grandTotal }] },
  ];
  return sections.filter((section) => ("rows" in section ? section.rows : section.taxes).length > 0);
}

function saleRows({ sales, currency }: DayReport): readonly PaperRow[] {
  return [
    { label: "Checks", value: String(sales.checks) },
    ...(sales.firstReceipt === null ? [] : [{ label: "Receipts", value: `${sales.firstReceipt}-${sales.lastReceipt ?? ""}` }]),
    { label: "Net sales", value: sales.net },
    ...within(some("after discounts of", sales.discounts)),
    ...within(some("after comps of", sales.comps)),
    ...some("Service charge", sales.serviceCharge),
    { label: "Tax", value: sales.tax },
    ...some("Gift cards sold", sales.storedValue),
    ...some("Rounding of receipts", sales.rounding),
    ...strong([{ label: `TOTAL ${currency}`, value: sales.total }]),
  ];
}

function tenderRows(report: DayReport, named: Named): readonly PaperRow[] {
  return [
    ...report.tenders.flatMap(({ method, payments, amount, rounding, tips, overpaid, forfeited }): readonly PaperRow[] => [
      { label: `${named(method)} (${payments})`, value: amount },
      ...within([...some("Rounding", rounding), ...some("Tips", tips), ...some("Paid too much", overpaid), ...some("Rest of vouchers, kept", forfeited)]),
    ]),
    ...strong(some(`TAKEN ${report.currency}`, report.taken)),
    ...within([...some("for checks still open", report.prepaid), ...some("Lost: taken back by providers", report.lost)]),
    ...counted("Reversed", report.reversals),
  ];
}

/** What went back: of what it was made, which is what the payouts sum to, and by which way. */
function returnRows({ returns, refunds, refunded, currency }: DayReport, named: Named): readonly PaperRow[] {
  const coins = refunds.reduce((sum, { rounding }) => sum + BigInt(rounding?.amount ?? "0"), 0n);
  return [
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
    ...strong(some(`REFUNDED ${currency}`, less(refunded))),
    ...refunds.map(({ method, count, amount }) => ({ label: `Refunded, ${named(method)} (${count})`, value: less(amount) })),
  ];
}

function accountRows({ accounts }: DayReport, named: Named): readonly PaperRow[] {
  return accounts.flatMap(({ method, paid, paidOut, rounding }) => [
    ...counted(`Accounts paid, ${named(method)}`, paid),
    ...counted(`Accounts paid out, ${named(method)}`, { ...paidOut, amount: less(paidOut.amount) }),
    ...within(some("of it rounding", rounding)),
  ]);
}

function drawersOf({ drawers, openDrawers }: DayReport): readonly PaperRow[] {
  return [
    ...drawers.map(({ name, number, difference }) => ({ label: `${name}${number === null ? "" : `, Z ${number}`}`, value: difference.amount === "0" ? "right" : difference })),
    ...openDrawers.map(({ name }) => ({ label: name, value: "STILL OPEN" })),
  ];
}

/** As receipts say it: one row for each name and rate, whatever the codes; what was sold without any is no row. Base and tax stand apart, so it is one for both ways of pricing. */
function taxesOf(taxes: DayReport["taxes"]): readonly PaperTax[] {
  const [first] = taxes;
  if (first === undefined) return [];
  return readTaxes(taxes.map((tax) => ({ ...tax, inclusive: false, base: tax.base.amount, tax: tax.tax.amount })))
    .filter(({ base, tax }) => base !== "0" || tax !== "0")
    .map(({ name, rate, base, tax }) => ({ name, rate, base: { ...first.base, amount: base }, tax: { ...first.base, amount: tax } }));
}

/** No row for nothing, nor for what was not told when the paper was made. */
function some(label: string, value: Money | undefined): readonly PaperRow[] {
  return value === undefined || value.amount === "0" ? [] : [{ label, value }];
}

function counted(label: string, sum: { readonly count: number; readonly amount: Money } | undefined): readonly PaperRow[] {
  return sum === undefined || sum.count === 0 ? [] : [{ label: `${label} (${sum.count})`, value: sum.amount }];
}

function within(rows: readonly PaperRow[]): readonly PaperRow[] {
  return rows.map((row) => ({ ...row, within: true }));
}

function strong(rows: readonly PaperRow[]): readonly PaperRow[] {
  return rows.map((row) => ({ ...row, strong: true }));
}

function less<Amount extends Money | undefined>(amount: Amount): Amount {
  return amount && { ...amount, amount: (-BigInt(amount.amount)).toString() };
}

function sense(difference: Money): string {
  const by = BigInt(difference.amount);
  return by === 0n ? "Right" : by < 0n ? "SHORT" : "OVER";
}
