import { Table, Text } from "@mantine/core";
import { daySections, drawerRows, type PaperSection, type PaperTax } from "#shared/domain/cash/paper-rows.ts";
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
type MoneyText = (money: Money) => string;

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
            <Table.Tr><Table.Td>{headOf(paper.data)}</Table.Td><Table.Td ta="right">{paper.data.by.name}</Table.Td></Table.Tr>
          </Table.Tbody>
          {(paper.data.scope === "drawer" ? [{ rows: drawerRows(paper.data, money) }] : daySections(paper.data, methodInWords)).map((section, i) => (
            <Table.Tbody key={i} style={{ borderTop: "2px solid var(--mantine-color-gray-5)" }}><Rows section={section} money={money} /></Table.Tbody>
          ))}
        </Table>
      ) : null}
    </Dialog>
  );
}

function Rows({ section, money }: { readonly section: PaperSection; readonly money: MoneyText }) {
  if ("taxes" in section) return section.taxes.map((tax, i) => <Table.Tr key={i}><Table.Td>{taxInWords(section.word, tax, money)}</Table.Td><Table.Td ta="right">{money(tax.tax)}</Table.Td></Table.Tr>);
  return section.rows.map(({ label, value, strong, within }, i) => (
    <Table.Tr key={i} fw={strong ? 750 : 400}>
      <Table.Td pl={within ? "xl" : "xs"}>{label}</Table.Td>
      <Table.Td ta="right">{value === null || typeof value === "string" ? value : money(value)}</Table.Td>
    </Table.Tr>
  ));
}

function headOf(paper: Paper): string {
  return paper.scope === "drawer" ? `${paper.name}, ${paper.businessDate}` : daysOf(paper);
}

function daysOf({ from, to }: DayReport): string {
  return from === to ? to : `${from} to ${to}`;
}

function methodInWords(method: string): string {
  return METHOD_WORDS[method as keyof typeof METHOD_WORDS] ?? method;
}

function taxInWords(word: string, { name, rate, base }: PaperTax, money: MoneyText): string {
  return `${word}, ${name.includes("%") ? name : `${name} ${rateInWords(rate)}`} on ${money(base)}`;
}
