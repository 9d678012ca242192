import { Button, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import type { CashReport } from "#shared/events/cash.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useAggregates, useMerchant } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { FileButton } from "../parts/file-button.tsx";
import classes from "./drawer-screen.module.css";

const SHOWN = 8;

/** Stored X and Z, the newest first: printed again as a copy, never computed again. */
export function ReportList({ scope }: { readonly scope?: CashReport["scope"] }) {
  const send = useSend();
  const merchant = useMerchant();
  const made = useAggregates("cash-report")
    .flatMap(({ id, report }) => (report === null || (scope !== undefined && report.scope !== scope) ? [] : [{ id, report }]))
    .sort((a, b) => b.report.at.localeCompare(a.report.at))
    .slice(0, SHOWN);
  return (
    <section className={classes["panel"]} aria-label="Reports">
      <h2 className={classes["title"]}>Reports</h2>
      {made.length === 0 ? <Text c="var(--ink-3)">No X or Z was made yet.</Text> : null}
      <ul className={classes["reports"]}>
        {made.map(({ id, report }) => (
          <li key={id}>
            <span className={classes["reason"]}>
              <b>{report.kind.toUpperCase()} {report.number}</b> {report.scope === "day" ? `business day ${report.to}` : report.name} <small>{merchant ? timeOfDay(report.at, merchant.zone) : ""} {report.by.name}</small>
              <Figure report={report} />
            </span>
            <Button variant="default" px="sm" aria-label={`Print ${report.kind.toUpperCase()} ${report.number} again`} onClick={() => void send("cash.printReport", { report: id })}><IconPrinter size={22} /></Button>
            <FileButton label="PDF" name={`${report.kind.toUpperCase()} ${report.number} as PDF`} type="cash.makeReport" input={{ report: id, format: "pdf" }} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Figure({ report }: { readonly report: CashReport }) {
  const money = useMoneyText();
  if (report.scope === "day") return <Text fz="sm" c="var(--ink-2)">sales {money(report.sales.total)} · {report.sales.checks} checks</Text>;
  if (report.count === null) return <Text fz="sm" c="var(--ink-2)">cash taken {money(report.taken.amount)}</Text>;
  const { difference } = report.count;
  return <Text fz="sm" c={difference.amount === "0" ? "var(--ink-2)" : "chili.6"}>counted {money(report.count.counted)} · difference {money(difference)}</Text>;
}
