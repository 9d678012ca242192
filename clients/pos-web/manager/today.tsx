import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Money } from "#shared/events/primitives.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import { failureOf } from "../../kit/api.ts";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { AgeText, useMoneyText } from "../../kit/ui/texts.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { METHOD_WORDS } from "../../kit/words/methods.ts";
import { printCauseInWords } from "../../kit/words/printing.ts";
import { OpenPoints, useOpenPoints } from "../pay/open-points.tsx";
import classes from "./manager-screen.module.css";
import { useReport, type Report } from "./use-report.ts";

const METHODS: Readonly<Record<string, string>> = METHOD_WORDS;

/** The day so far, live. */
export function Today() {
  const report = useReport();
  if (report.data) return <Day report={report.data} />;
  if (report.isError) return <ErrorState title="No report" text={failureInWords(failureOf(report.error))} onRetry={() => void report.refetch()} />;
  return <Loading label="Counting the day" />;
}

function Day({ report }: { readonly report: Report }) {
  const money = useMoneyText();
  const { sales, openChecks, kitchen, lowStock, trialBalance, printers } = report;
  return (
    <div className={classes["today"]}>
      <div className={classes["tiles"]}>
        <Tile label="Sales" value={money(sales.gross)} note={`net ${money(sales.net)} · tax ${money(sales.tax)}`} strong />
        <Tile label="Checks closed" value={String(sales.checks)} note={`average ${money(sales.average)}`} />
        <Tile label="Open checks" value={String(openChecks.count)} note={`due ${money(openChecks.due)}`} />
        <Tile label="Service charge" value={money(sales.serviceCharge)} note={`business day ${report.businessDate}`} />
        <Tile label="Books" value={trialBalance.balanced ? "Balanced" : "Not balanced"} note={`debit ${money(trialBalance.debit)} · credit ${money(trialBalance.credit)}`} wrong={!trialBalance.balanced} />
      </div>
      <ToResolve />
      <div className={classes["panels"]}>
        <Panel title="Kitchen">
          {kitchen.map((station) => (
            <div key={station.station} className={classes["station"]}>
              <Text fw={700} w={92} flex="none" truncate>{station.name}</Text>
              <div className={classes["tickets"]}>
                {station.tickets.length === 0 ? <Text c="var(--ink-3)">nothing to do</Text> : null}
                {station.tickets.slice(0, 12).map((ticket) => (
                  <span key={ticket.ticket} className={classes["ticket"]}>
                    {tableTitle(ticket.label)} <b><AgeText since={ticket.since} /></b>
                  </span>
                ))}
                {station.held > 0 ? <span className={classes["held"]}>{station.held} held</span> : null}
              </div>
            </div>
          ))}
        </Panel>
        <div className={classes["column"]}>
          <Panel title="Payments">
            <Rows empty="Nothing taken yet" rows={sales.methods.map((each) => [METHODS[each.method] ?? each.method, `${each.payments} ×`, money(each.amount), besides(each, money)])} />
            {sales.refunds.length > 0 ? (
              <Rows empty="" rows={sales.refunds.map((each) => [`Given back, ${METHODS[each.method] ?? each.method}`, `${each.count} ×`, `−${money(each.amount)}`, ""])} />
            ) : null}
          </Panel>
          <Panel title="Runs low">
            <Rows empty="Nothing runs low" rows={lowStock.map((each) => [each.name, `${each.onHand} ${each.unit}`, `below ${each.lowBelow}`])} />
          </Panel>
          <Panel title="Printers">
            <Rows empty="No printers" rows={printers.map((each) => [each.name, each.online === false ? printCauseInWords(each.cause) : each.online ? "ready" : "no trouble known", each.waiting > 0 ? `${each.waiting} waiting` : ""])} />
          </Panel>
        </div>
        <Panel title="Trial balance" wide>
          <TrialBalance balance={trialBalance} money={money} />
        </Panel>
      </div>
    </div>
  );
}

/** Money that somebody has to look at; nothing when there is none. */
function ToResolve() {
  const points = useOpenPoints();
  return points.length === 0 ? null : (
    <Panel title="Money to resolve" wide>
      <OpenPoints points={points} named />
    </Panel>
  );
}

/** What the amount holds of rounding, and what came on top of it. */
function besides({ rounding, tips }: Report["sales"]["methods"][number], money: (money: Money) => string): string {
  const words = [rounding.amount === "0" ? "" : `rounding ${money(rounding)}`, tips.amount === "0" ? "" : `tips ${money(tips)}`];
  return words.filter((word) => word !== "").join(" · ");
}

function Tile({ label, value, note, strong = false, wrong = false }: { readonly label: string; readonly value: string; readonly note: string; readonly strong?: boolean; readonly wrong?: boolean }) {
  return (
    <section className={classes["tile"]} data-strong={strong} data-wrong={wrong} aria-label={label}>
      <Text fz={15} fw={600} opacity={0.8}>{label}</Text>
      <Text className={classes["figure"] ?? ""} fw={800} lh={1.2}>{value}</Text>
      <Text fz={14} opacity={0.8}>{note}</Text>
    </section>
  );
}

function Panel({ title, wide = false, children }: { readonly title: string; readonly wide?: boolean; readonly children: ReactNode }) {
  return (
    <section className={classes["box"]} data-wide={wide} aria-label={title}>
      <h2 className={classes["title"]}>{title}</h2>
      {children}
    </section>
  );
}

/** "4 ×", which would break before its sign. */
const COUNT = /^\d+ ×$/;

function Rows({ rows, empty }: { readonly rows: readonly (readonly string[])[]; readonly empty: string }) {
  if (rows.length === 0) return <Text c="var(--ink-3)">{empty}</Text>;
  return (
    <Table fz={16} horizontalSpacing={4} verticalSpacing={6}>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row[0]}>
            {row.map((cell, i) => <Table.Td key={i} ta={i === 0 ? "left" : "right"} fw={i === 0 ? 600 : 400} style={COUNT.test(cell) ? { whiteSpace: "nowrap" } : undefined}>{cell}</Table.Td>)}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function TrialBalance({ balance, money }: { readonly balance: Report["trialBalance"]; readonly money: (money: Money) => string }) {
  const text = (amount: Money) => (amount.amount === "0" ? "" : money(amount));
  return (
    <Table fz={16} horizontalSpacing={6} verticalSpacing={5}>
      <Table.Thead>
        <Table.Tr><Table.Th>Account</Table.Th><Table.Th ta="right">Debit</Table.Th><Table.Th ta="right">Credit</Table.Th></Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {balance.accounts.map((each) => (
          <Table.Tr key={each.account}>
            <Table.Td>{each.account} {each.name}</Table.Td>
            <Table.Td ta="right">{text(each.debit)}</Table.Td>
            <Table.Td ta="right">{text(each.credit)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr fw={800} c={balance.balanced ? "basil.7" : "chili.6"}>
          <Table.Th>{balance.balanced ? "Balanced" : "Not balanced"}</Table.Th>
          <Table.Th ta="right">{money(balance.debit)}</Table.Th>
          <Table.Th ta="right">{money(balance.credit)}</Table.Th>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}
