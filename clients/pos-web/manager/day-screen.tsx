import { Button, Group, Text } from "@mantine/core";
import { IconLock, IconReportMoney } from "@tabler/icons-react";
import { useState } from "react";
import { businessDateOf, openBusinessDate } from "#shared/domain/business-date.ts";
import { useHubNow } from "../../kit/clock.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useHub, useMay, useMerchant } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isOpen } from "../check/parts.ts";
import { ReportList } from "../drawer/report-list.tsx";
import classes from "./manager-screen.module.css";

/** DOM-16: the business day, its X so far and its Z; what is still open is named and carries over. */
export function DayScreen() {
  const send = useSend();
  const { clock } = useHub();
  const merchant = useMerchant();
  const mayClose = useMay("approve.cash");
  const money = useMoneyText();
  const drawers = useAggregates("drawer").filter((drawer) => drawer.closed === null);
  const checks = useAggregates("check").filter(isOpen);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const now = new Date(useHubNow(clock, 60_000)).toISOString();
  if (!merchant) return null;
  const date = businessDateOf(now, merchant.zone, merchant.cutOver);
  // As the hub dates what comes now: the next day, once this one is closed.
  const current = openBusinessDate(date, merchant.closedThrough);
  const closed = merchant.closedThrough !== null && merchant.closedThrough >= date;

  async function during(go: () => Promise<unknown>) {
    if (busy) return;
    setBusy(true);
    await go();
    setBusy(false);
  }

  return (
    <div className={classes["books"]}>
      <section className={classes["box"]} aria-label="Business day">
        <h2 className={classes["title"]}>Business day {current}</h2>
        <Text c="var(--ink-2)">{closed ? `${date} is closed: what is taken now belongs to ${current}.` : merchant.closedThrough === null ? "No day was closed yet." : `Closed up to ${merchant.closedThrough}.`}</Text>
        <Text mt="xs" c={drawers.length > 0 ? "ember.7" : "var(--ink-2)"}>{drawers.length === 0 ? "All drawers are closed." : `Open drawers: ${drawers.map((drawer) => drawer.name).join(", ")}`}</Text>
        <Text c={checks.length > 0 ? "ember.7" : "var(--ink-2)"}>{checks.length === 0 ? "All bills are closed." : `${checks.length} open ${checks.length === 1 ? "bill carries" : "bills carry"} over to the next day.`}</Text>
        <Group mt="md">
          <Button variant="default" loading={busy} leftSection={<IconReportMoney size={22} />} onClick={() => void during(() => send("day.report", {}))}>X of the day so far</Button>
          {asked ? (
            <Button color="chili.6" loading={busy} leftSection={<IconLock size={22} />} onClick={() => void during(async () => {
              const { ok } = await send("day.close", { date });
              if (ok) setAsked(false);
            })}>Close {date} for good</Button>
          ) : (
            <Button disabled={!mayClose || closed} leftSection={<IconLock size={22} />} onClick={() => setAsked(true)}>{closed ? "Closed" : "Close the day, Z"}</Button>
          )}
        </Group>
        {asked ? <Text mt="xs" c="var(--ink-2)">Later money joins the next day. A Z never changes.</Text> : null}
      </section>
      <section className={classes["box"]} aria-label="Drawers">
        <h2 className={classes["title"]}>Drawers</h2>
        {drawers.length === 0 ? <Text c="var(--ink-3)">None is open.</Text> : null}
        {drawers.map((drawer) => (
          <Group key={drawer.id} justify="space-between" mih={48}>
            <Text fw={650}>{drawer.name} <Text span c="var(--ink-2)">{drawer.openedBy.name}</Text></Text>
            {mayClose ? <Text>should hold <b>{money(drawer.expected)}</b></Text> : null}
          </Group>
        ))}
      </section>
      <div className={classes["span"]}><ReportList /></div>
    </div>
  );
}
