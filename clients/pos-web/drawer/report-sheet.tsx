import { Table, Text } from "@mantine/core";
import { readTaxes } from "#shared/domain/check/read-taxes.ts";
import type { DayReport } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import { failureOf } from "../../kit/api.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { rateInWords } from "../../kit/words/approvals.ts";
import { failureInWords } from "../../kit/words/failures.ts";
import { METHOD_WORDS } from "../../kit/words/methods.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";

type Paper = Outputs["report"]["paper"];
type DrawerPaper = Extract<Paper, { scope: "drawer" }>;
type Row = readonly [name: string, value: string, strong?: boolean];
/** No row for nothing, nor for what was not told when the paper was made. */
type Some = (name: string, amount: Money | undefined, strong?: boolean) => readonly Row[];

/** The paper as it was stored; the hub leaves off an X what says how much should be in the drawer, but for those who answer for cash (CSH-4). */
export function ReportSheet({ report, title, onClose }: { readonly report: string; readonly title: string; readonly onClose: () => void }) {
  const money = useMoneyText();
  const paper = useHubQuery<Paper>("report.paper", { report });
  return (
    <Dialog opened onClose={onClose} size={560} title={<Text fz={22} fw={750}>{title}</Text>}>
      {paper.isError ? <ErrorState title="Not there" text={failureInWords(failureOf(paper.error))} onRetry={() => void paper.refetch()} /> : null}
      {paper.isPending ? <Loading label="Fetching the report" /> : null}
      {paper.data ? (
        <Table fz={16}>
          <Table.Tbody>
            {(paper.data.scope === "drawer" ? drawerRows(paper.data, money) : dayRows(paper.data, money)).map(([name, value, strong], i) => (
              <Table.Tr key={i} fw={strong ? 750 : 400}><Table.Td>{name}</Table.Td><Table.Td ta="right">{value}</Table.Td></Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
    </Dialog>
  );
}

function drawerRows(report: DrawerPaper, money: (money: Money) => string): readonly Row[] {
  return [
    [report.name, `${report.businessDate}, ${report.by.name}`],
    ["Float", money(report.float)],
    ...(report.taken ? ([[`Cash of guests, ${report.taken.count} ×`, money(report.taken.amount)]] as const) : []),
    ...(report.tips ? ([["of it tips", money(report.tips)]] as const) : []),
    ...(report.returned ? ([[`Given back, ${report.returned.count} ×`, money(report.returned.amount)]] as const) : []),
    ...(report.returnedTips ? ([["of it tips", money(report.returnedTips)]] as const) : []),
    [`Paid in, ${report.paidIn.count} ×`, money(report.paidIn.amount)],
    [`Paid out, ${report.paidOut.count} ×`, money(report.paidOut.amount)],
    [`Tips paid, ${report.tipsPaid.count} ×`, money(report.tipsPaid.amount)],
    [`Accounts paid out, ${report.accountsPaidOut.count} ×`, money(report.accountsPaidOut.amount)],
    [`Dropped, ${report.dropped.count} ×`, money(report.dropped.amount)],
    ...(report.expected ? ([["Expected", money(report.expected), true]] as const) : []),
    ...(report.count ? ([["Counted", money(report.count.counted), true], ["Difference", money(report.count.difference), true]] as const) : []),
  ];
}

/** In the order of the paper, in the same words where they are a screen's. */
function dayRows(report: DayReport, money: (money: Money) => string): readonly Row[] {
  const { sales } = report;
  const some: Some = (name, amount, strong = false) => (amount === undefined || amount.amount === "0" ? [] : [[name, money(amount), strong]]);
  const byWay = (method: string) => METHOD_WORDS[method as keyof typeof METHOD_WORDS] ?? method;
  return [
    [report.from === report.to ? report.to : `${report.from} to ${report.to}`, report.by.name],
    [`Sales, ${sales.checks} bills`, money(sales.total), true],
    ["Net", money(sales.net)],
    ["Discounts", money(sales.discounts)],
    ["On the house", money(sales.comps)],
    ["Service charge", money(sales.serviceCharge)],
    ...taxRows("", report.taxes, money),
    ...some("Gift cards sold", sales.storedValue),
    ...some("Rounding of receipts", sales.rounding),
    ...report.tenders.flatMap(({ method, payments, amount, rounding, tips, overpaid, forfeited }): readonly Row[] => [
      [`${byWay(method)}, ${payments} ×`, money(amount)],
      ...some("of it rounding", rounding),
      ...some("of it tips", tips),
      ...some("of it paid too much", overpaid),
      ...some("of it rests of vouchers, kept", forfeited),
    ]),
    ...some("Taken", report.taken, true),
    ...some("of it for bills that are still open", report.prepaid),
    ...some("Lost: taken back by providers", report.lost),
    ...returnRows(report, money, some),
    ...report.accounts.flatMap(({ method, paid, paidOut, rounding }): readonly Row[] => [
      ...(paid.count === 0 ? [] : [[`Accounts paid, ${byWay(method)}, ${paid.count} ×`, money(paid.amount)] as const]),
      ...(paidOut.count === 0 ? [] : [[`Accounts paid out, ${byWay(method)}, ${paidOut.count} ×`, money(paidOut.amount)] as const]),
      ...some("of it rounding", rounding),
    ]),
    ...report.drawers.map((drawer): Row => [`${drawer.name}: counted ${money(drawer.counted)}`, `difference ${money(drawer.difference)}`]),
    ...report.openDrawers.map((drawer): Row => [drawer.name, "still open"]),
    ["Bills carried over", String(report.openChecks.length)],
    ["All sales ever", money(report.grandTotal), true],
  ];
}

/** What went back: of what it was made, which is what the payouts sum to, and by which way. */
function returnRows(report: DayReport, money: (money: Money) => string, some: Some): readonly Row[] {
  const { returns, refunds, refunded, currency } = report;
  const coins = refunds.reduce((sum, { rounding }) => sum + BigInt(rounding?.amount ?? "0"), 0n);
  return [
    ...some("Returned, net", returns.net),
    ...some("Returned, tax", returns.tax),
    ...some("Gift cards returned", returns.storedValue),
    ...some("Tips returned", returns.tips),
    ...some("Rounding of receipts returned", returns.rounding),
    ...some("Paid too much, returned", returns.overpaid),
    ...some("Payments of open bills returned", returns.prepaid),
    ...some("Given twice, kept by guests", returns.givenUp),
    ...some("Rounding in coins", { amount: coins.toString(), currency }),
    ...some("Not given back yet", returns.pending === undefined ? undefined : { ...returns.pending, amount: (-BigInt(returns.pending.amount)).toString() }),
    ...some("Refunded", refunded, true),
    ...refunds.map(({ method, count, amount }): Row => [`Refunds, ${METHOD_WORDS[method as keyof typeof METHOD_WORDS] ?? method}, ${count} ×`, money(amount)]),
    ...taxRows("Returned, ", returns.taxes, money),
  ];
}

/** One row for each name and rate, whatever the codes, as on the paper. */
function taxRows(before: string, taxes: DayReport["taxes"], money: (money: Money) => string): readonly Row[] {
  const [first] = taxes;
  if (first === undefined) return [];
  const text = (amount: string) => money({ ...first.base, amount });
  return readTaxes(taxes.map((tax) => ({ ...tax, inclusive: false, base: tax.base.amount, tax: tax.tax.amount })))
    .filter(({ base, tax }) => base !== "0" || tax !== "0")
    .map(({ name, rate, base, tax }) => [`${before}${name.includes("%") ? name : `${name} ${rateInWords(rate)}`} on ${text(base)}`, text(tax)]);
}
