import { Button, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { failureOf } from "../../kit/api.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useHub, useMerchant, useSession } from "../../kit/hooks.ts";
import { ErrorState } from "../../kit/ui/states.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { FileButton } from "../parts/file-button.tsx";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import classes from "./drawer-screen.module.css";
import { ReportSheet } from "./report-sheet.tsx";

type Paper = Outputs["report"]["papers"][number];
const DAYS = 14;

/** Stored X and Z, the newest first: looked at and printed again as a copy, never computed again. */
export function ReportList() {
  const send = useSend();
  const { clock } = useHub();
  const merchant = useMerchant();
  const person = useSession().author;
  const [opened, setOpened] = useState<{ readonly paper: Paper; readonly by: string | null } | null>(null);
  // What one person may read is not for the next who takes the tablet.
  const shown = opened?.by === person ? opened.paper : null;
  const day = (ago: number) => new Date(clock.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const papers = useHubQuery<Outputs["report"]["papers"]>("report.papers", { from: day(DAYS), to: day(-1) }, { live: 2500 });
  return (
    <section className={classes["panel"]} aria-label="Reports">
      <h2 className={classes["title"]}>Reports</h2>
      {papers.isError ? <ErrorState title="No reports" text={failureInWords(failureOf(papers.error))} onRetry={() => void papers.refetch()} /> : null}
      {papers.data?.length === 0 ? <Text c="var(--ink-3)">No X or Z was made yet.</Text> : null}
      <ul className={classes["reports"]}>
        {papers.data?.map((paper) => (
          <li key={paper.report}>
            <button type="button" className={classes["reportName"]} onClick={() => setOpened({ paper, by: person })}>
              <b>{titleOf(paper)}</b> {paper.scope === "day" ? `business day ${paper.businessDate}` : paper.name} <small>{merchant ? timeOfDay(paper.at, merchant.zone) : ""} {paper.by}</small>
            </button>
            <Button variant="default" px="sm" aria-label={`Print ${titleOf(paper)} again`} onClick={() => void send("cash.printReport", { report: paper.report })}><IconPrinter size={22} /></Button>
            <FileButton label="PDF" name={`${titleOf(paper)} as PDF`} type="cash.makeReport" input={{ report: paper.report, format: "pdf" }} />
          </li>
        ))}
      </ul>
      {shown ? <ReportSheet report={shown.report} title={titleOf(shown)} onClose={() => setOpened(null)} /> : null}
    </section>
  );
}

function titleOf({ kind, number }: Paper): string {
  return `${kind.toUpperCase()} ${number}`;
}
