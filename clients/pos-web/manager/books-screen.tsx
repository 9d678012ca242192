import { Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { FileFormat, LedgerReport } from "#shared/events/document.ts";
import { FileButton } from "../parts/file-button.tsx";
import { AccountStatement } from "./account-statement.tsx";
import { DayRangeInputs, useDayRange } from "./day-range.tsx";
import classes from "./manager-screen.module.css";
import { useReport } from "./use-report.ts";

type Kind = LedgerReport["kind"];

/** The ledger as a file, made by a job, and an account's entries on the screen. */
export function BooksScreen() {
  const report = useReport();
  const [kind, setKind] = useState<Kind>("journal");
  const range = useDayRange();
  const { from, to, right: dated } = range;
  const [account, setAccount] = useState("1010");
  const accounts = report.data?.trialBalance.accounts.map((each) => ({ value: each.account, label: `${each.account} ${each.name}` })) ?? [];
  const known = accounts.some((each) => each.value === account) ? accounts : [{ value: account, label: account }, ...accounts];
  const asked: LedgerReport = kind === "trial-balance" ? { kind, at: null } : kind === "journal" ? { kind, from, to } : { kind, account, from, to };

  return (
    <div className={classes["books"]}>
      <section className={classes["box"]} aria-label="Ledger file">
        <h2 className={classes["title"]}>The ledger as a file</h2>
        <Stack gap="sm">
          <SegmentedControl fullWidth aria-label="Report" value={kind} onChange={(value) => setKind(value === "trial-balance" || value === "statement" ? value : "journal")} data={[{ value: "journal", label: "Journal" }, { value: "statement", label: "Statement" }, { value: "trial-balance", label: "Trial balance" }]} />
          {kind === "statement" ? <Select label="Account" size="lg" allowDeselect={false} searchable value={account} data={known} onChange={(value) => setAccount(value ?? account)} /> : null}
          {kind === "trial-balance" ? <Text c="var(--ink-2)">As it is now.</Text> : <DayRangeInputs range={range} />}
          <Group grow>
            {(["pdf", "xlsx"] as const satisfies readonly FileFormat[]).map((format) => (
              <FileButton key={format} size="xl" label={format === "pdf" ? "PDF" : "Excel"} name={`Ledger as ${format === "pdf" ? "PDF" : "Excel"}`} type="ledger.generate" input={{ report: asked, format }} disabled={kind !== "trial-balance" && !dated} />
            ))}
          </Group>
        </Stack>
      </section>
      <section className={classes["box"]} aria-label="Accounts">
        <h2 className={classes["title"]}>Accounts</h2>
        <div className={classes["accounts"]}>
          {known.map((each) => (
            <Button key={each.value} variant={each.value === account ? "filled" : "default"} justify="flex-start" fz={15} px="sm" h="auto" mih={48} styles={{ label: { whiteSpace: "normal", textAlign: "left", lineHeight: 1.15 } }} onClick={() => { setAccount(each.value); setKind("statement"); }}>{each.label}</Button>
          ))}
        </div>
      </section>
      <section className={`${classes["box"] ?? ""} ${classes["span"] ?? ""}`} aria-label="Account statement">
        <h2 className={classes["title"]}>Account {known.find((each) => each.value === account)?.label ?? account}</h2>
        {dated ? <AccountStatement account={account} from={from} to={to} /> : <Text c="chili.6">The first day is after the last.</Text>}
      </section>
    </div>
  );
}
