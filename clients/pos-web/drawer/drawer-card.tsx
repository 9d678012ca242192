import { Button, Text } from "@mantine/core";
import { IconArrowBarToDown, IconArrowBarUp, IconBuildingBank, IconCoins, IconHandGrab, IconReportMoney, IconSquarePlus, type Icon } from "@tabler/icons-react";
import { useState } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import type { DrawerMovement } from "#shared/events/cash.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useAggregate, useMay, useMerchant } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { FOCUS_HOME } from "../../kit/ui/use-kept-focus.ts";
import { MOVEMENT_WORDS } from "../../kit/words/cash.ts";
import { useSayings } from "../check/said.tsx";
import type { DrawerTask } from "./drawer-screen.tsx";
import classes from "./drawer-screen.module.css";

const TASKS: readonly { readonly task: DrawerTask; readonly text: string; readonly icon: Icon }[] = [
  { task: "pay-in", text: "Pay in", icon: IconArrowBarToDown },
  { task: "pay-out", text: "Pay out", icon: IconArrowBarUp },
  { task: "drop", text: "Drop to the safe", icon: IconBuildingBank },
  { task: "tips", text: "Pay tips", icon: IconHandGrab },
  { task: "close", text: "Count and close", icon: IconCoins },
  { task: "open", text: "Another drawer", icon: IconSquarePlus },
];

type DrawerCardProps = { readonly drawer: DrawerState; readonly task: DrawerTask; readonly onTask: (task: DrawerTask) => void };

/** What has been done with the drawer. What should be in it is not said before it was counted. */
export function DrawerCard({ drawer, task, onTask }: DrawerCardProps) {
  const send = useSend();
  const text = useMoneyText();
  const say = useSayings((sayings) => sayings.say);
  const merchant = useMerchant();
  const mayOperate = useMay("drawer.operate");
  const [busy, setBusy] = useState(false);
  const at = (iso: string) => (merchant ? timeOfDay(iso, merchant.zone) : "");

  async function report() {
    setBusy(true);
    const answer = await send("drawer.report", { drawer: drawer.id });
    setBusy(false);
    if (answer.ok) say(`X ${answer.result.number} of ${drawer.name} is printed`);
  }

  return (
    <section className={classes["panel"]} aria-label="Drawer">
      <h1 className={classes["title"]} {...FOCUS_HOME}>{drawer.name}</h1>
      <Text c="var(--ink-2)">Opened by {drawer.openedBy.name} at {at(drawer.openedAt)} · float {text(drawer.float)}</Text>
      <div className={classes["tasks"]} role="group" aria-label="Tasks">
        {TASKS.map(({ task: each, text: words, icon: Shape }) => (
          <button key={each} type="button" className={classes["task"]} aria-pressed={each === task} disabled={!mayOperate} onClick={() => onTask(each)}>
            <Shape size={26} aria-hidden />
            {words}
          </button>
        ))}
        <Button className={classes["x"] ?? ""} variant="default" h="auto" loading={busy} disabled={!mayOperate} leftSection={<IconReportMoney size={24} />} onClick={() => void report()}>X report</Button>
      </div>
      {drawer.movements.length === 0 ? <Text c="var(--ink-3)">Nothing was paid in, out or dropped yet.</Text> : <Movements movements={drawer.movements} at={at} />}
    </section>
  );
}

function Movements({ movements, at }: { readonly movements: readonly DrawerMovement[]; readonly at: (iso: string) => string }) {
  const text = useMoneyText();
  return (
    <ul className={classes["movements"]} aria-label="Movements">
      {movements.map((movement) => (
        <li key={movement.movement}>
          <span>{at(movement.at)}</span>
          <span className={classes["reason"]}>
            <b>{MOVEMENT_WORDS[movement.kind]}</b> {movement.account === undefined ? movement.reason : <AccountName account={movement.account} />} <small>{movement.by.name}</small>
          </span>
          <b>{movement.kind === "pay-in" ? "+" : "−"}{text(movement.amount)}</b>
        </li>
      ))}
    </ul>
  );
}

function AccountName({ account }: { readonly account: string }) {
  return useAggregate("house-account", account)?.name ?? null;
}
