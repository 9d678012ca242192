import { Table, Text } from "@mantine/core";
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
    [`Paid in, ${report.paidIn.count} ×`, money(report.paidIn.amount)],
    [`Paid out, ${report.paidOut.count} ×`, money(report.paidOut.amount)],
    [`Tips paid, ${report.tipsPaid.count} ×`, money(report.tipsPaid.amount)],
    [`Accounts paid out, ${report.accountsPaidOut.count} ×`, money(report.accountsPaidOut.amount)],
    [`Dropped, ${report.dropped.count} ×`, money(report.dropped.amount)],
    ...(report.expected ? ([["Expected", money(report.expected), true]] as const) : []),
    ...(report.count ? ([["Counted", money(report.count.counted), true], ["Difference", money(report.count.difference), true]] as const) : []),
  ];
}

function dayRows(report: DayReport, money: (money: Money) => string): readonly Row[] {
  const { sales, returns } = report;
  const some = (name: string, amount: Money | undefined): readonly Row[] => (amount === undefined || amount.amount === "0" ? [] : [[name, money(amount)]]);
  return [
    [report.from === report.to ? report.to : `${report.from} to ${report.to}`, report.by.name],
    [`Sales, ${sales.checks} bills`, money(sales.total), true],
    ["Net", money(sales.net)],
    ["Discounts", money(sales.discounts)],
    ["On the house", money(sales.comps)],
    ["Service charge", money(sales.serviceCharge)],
    ...report.taxes.map((tax): Row => [`${tax.name} ${rateInWords(tax.rate)} on ${money(tax.base)}`, money(tax.tax)]),
    ...some("Gift cards sold", sales.storedValue),
    ...some("Returned, net", returns.net),
    ...some("Returned, tax", returns.tax),
    ...some("Gift cards returned", returns.storedValue),
    ...report.tenders.map((tender): Row => [`${METHOD_WORDS[tender.method as keyof typeof METHOD_WORDS] ?? tender.method}, ${tender.payments} ×`, money(tender.amount)]),
    ...report.refunds.map((refund): Row => [`Refunds, ${METHOD_WORDS[refund.method as keyof typeof METHOD_WORDS] ?? refund.method}, ${refund.count} ×`, money(refund.amount)]),
    ...report.accounts.flatMap(({ method, paid, paidOut }): Row[] => {
      const by = METHOD_WORDS[method as keyof typeof METHOD_WORDS] ?? method;
      return [...(paid.count === 0 ? [] : [[`Accounts paid, ${by}, ${paid.count} ×`, money(paid.amount)] as const]), ...(paidOut.count === 0 ? [] : [[`Accounts paid out, ${by}, ${paidOut.count} ×`, money(paidOut.amount)] as const])];
    }),
    ...report.drawers.map((drawer): Row => [`${drawer.name}: counted ${money(drawer.counted)}`, `difference ${money(drawer.difference)}`]),
    ...report.openDrawers.map((drawer): Row => [drawer.name, "still open"]),
    ["Bills carried over", String(report.openChecks.length)],
    ["All sales ever", money(report.grandTotal), true],
  ];
}
