import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconReceiptRefund, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { isRefundable } from "#shared/domain/payment/left-to-refund.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import { failureOf } from "../../kit/api.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { EmptyState, ErrorState, Loading } from "../../kit/ui/states.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { entityInWords } from "../../kit/words/trail.ts";
import { actorInWords, isToldLater, stepInWords } from "../../kit/words/timeline.ts";
import { RefundDialog } from "../pay/refund-dialog.tsx";
import { useProviderName } from "../pay/use-provider-name.ts";
import { FileButton } from "../parts/file-button.tsx";
import { AuditButton } from "./audit.tsx";
import { CheckAsItWas } from "./check-as-it-was.tsx";
import classes from "./checks-screen.module.css";
import list from "./list-and-one.module.css";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";

type Listed = Outputs["history"]["checks"]["checks"][number];

const STATUS: Readonly<Record<Listed["status"], string>> = { open: "open", presented: "bill printed", paid: "paid", closed: "closed", voided: "void" };

/** Who did what with each bill, when, and the bill as it was at any point of it. */
export function ChecksScreen() {
  const merchant = useMerchant();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const found = useHubQuery<Outputs["history"]["checks"]>("history.checks", { search: search.trim() }, { live: 5000 });
  const checks = found.data?.checks ?? [];
  const shown = checks.find((each) => each.check === chosen) ?? checks[0];
  return (
    <div className={list["screen"]}>
      <section className={list["list"]} aria-label="Bills">
        <TextInput aria-label="Search bills" placeholder="Receipt or table" leftSection={<IconSearch size={22} />} value={search} maxLength={30} onChange={(event) => setSearch(event.currentTarget.value)} />
        {found.isError ? <ErrorState title="No bills" text={failureInWords(failureOf(found.error))} onRetry={() => void found.refetch()} /> : null}
        {found.isPending ? <Loading label="Looking for bills" /> : null}
        <div className={list["rows"]}>
          {checks.map((each) => (
            <button key={each.check} type="button" className={list["row"]} aria-pressed={each.check === shown?.check} onClick={() => setChosen(each.check)}>
              <b>{tableTitle(each.label)}</b>
              <span>{each.number ? `Receipt ${each.number}` : STATUS[each.status]}</span>
              <small>{merchant ? `${each.openedAt.slice(5, 10)} ${timeOfDay(each.openedAt, merchant.zone)}` : ""} · {each.server.name}</small>
            </button>
          ))}
          {found.data && checks.length === 0 ? <EmptyState title="No bill is like that" /> : null}
        </div>
      </section>
      {shown ? <OneCheck key={shown.check} listed={shown} /> : null}
    </div>
  );
}

function OneCheck({ listed }: { readonly listed: Listed }) {
  const text = useMoneyText();
  const merchant = useMerchant();
  const providerName = useProviderName();
  const maySettle = useMay("check.settle");
  const history = useHubQuery<Outputs["history"]["check"]>("history.check", { check: listed.check }, { live: 5000 });
  const [point, setPoint] = useState<number | null>(null);
  // As it was when the refund was begun, until it is read again: the dialog outlives what it adds to the timeline.
  const [refunding, setRefunding] = useState<CheckState | null>(null);
  const version = point ?? history.data?.entries.at(-1)?.version ?? listed.version;
  const was = useHubQuery<Outputs["history"]["checkAt"]>("history.checkAt", { check: listed.check, version });
  if (history.isError) return <ErrorState title="No timeline" text={failureInWords(failureOf(history.error))} onRetry={() => void history.refetch()} />;
  if (!history.data) return <Loading label="Reading the timeline" />;
  const { entries } = history.data;
  return (
    <>
      <section className={classes["timeline"]} aria-label="Timeline">
        <Group justify="space-between" px="sm" pb="xs">
          <Text fz={20} fw={750}>Timeline</Text>
          <Group gap="xs">
            <AuditButton stream={listed.check} title={entityInWords({ kind: "check", name: listed.label, number: listed.number })} />
            {listed.number ? <FileButton label="PDF" name="Receipt as PDF" type="check.makeReceipt" input={{ check: listed.check }} /> : null}
            {was.data && point === null && isRefundable(was.data.state) ? <Button variant="default" px="sm" disabled={!maySettle} leftSection={<IconReceiptRefund size={22} />} onClick={() => setRefunding(was.data?.state ?? null)}>Refund</Button> : null}
          </Group>
        </Group>
        <ol className={classes["entries"]}>
          {entries.map((entry) => (
            <li key={entry.version}>
              <button type="button" className={classes["entry"]} aria-pressed={entry.version === version} onClick={() => setPoint(entry.version === entries.at(-1)?.version ? null : entry.version)}>
                <span className={classes["when"]}>
                  <b>{merchant ? timeOfDay(entry.at, merchant.zone) : entry.at.slice(11, 16)}</b>
                  <small>{actorInWords(entry, providerName)}</small>
                  {merchant && isToldLater(entry) ? <small>by the tablet; at the hub {timeOfDay(entry.recordedAt, merchant.zone)}</small> : null}
                </span>
                <span className={classes["what"]}>{entry.steps.map((step, i) => <span key={i}>{stepInWords(step, text, providerName)}</span>)}</span>
                <span className={classes["sums"]}>
                  {entry.change.amount === "0" ? null : <small>{entry.change.amount.startsWith("-") ? "" : "+"}{text(entry.change)}</small>}
                  <b>{text(entry.total)}</b>
                  <small>due {text(entry.due)}</small>
                </span>
              </button>
            </li>
          ))}
        </ol>
      </section>
      <section className={classes["was"]} aria-label="The bill as it was">
        {was.data ? <CheckAsItWas check={was.data.state} at={was.data.at} now={point === null} /> : was.isError ? <ErrorState title="Not there" text={failureInWords(failureOf(was.error))} /> : <Loading label="Looking back" />}
      </section>
      {refunding ? <RefundDialog check={point === null && was.data ? was.data.state : refunding} onClose={() => setRefunding(null)} /> : null}
    </>
  );
}
