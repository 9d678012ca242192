import { Button, Group, Progress, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { CONSUMER_GROUP_NAMES, CONSUMER_GROUPS, type ConsumerGroup } from "#shared/consumers.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { dayAndTime, instantOfMinute, minuteOnWall } from "../../kit/format.ts";
import { useHub, useMay, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import classes from "./manager-screen.module.css";
import { DifferingRows } from "./differing-rows.tsx";
import own from "./operation-screen.module.css";

type Runs = Outputs["operation"]["maintenance"];
type Kind = Runs[number]["kind"];
const DONE: Readonly<Record<Kind, string>> = { rebuild: "built anew", replay: "given events again", compare: "held to the log" };
const TITLES: Readonly<Record<Kind, string>> = { rebuild: "Build anew what a consumer made", replay: "Give a consumer events again", compare: "Hold what a consumer made to the log" };
const REASONS: Readonly<Record<Kind, readonly string[]>> = {
  rebuild: ["Its figures are wrong", "Its rules have changed"],
  replay: ["Its figures are wrong", "Its rules have changed"],
  compare: ["To be sure", "Its figures look wrong"],
};
const STATES: Readonly<Record<Runs[number]["state"], string>> = { waiting: "waits", running: "under way", completed: "done", failed: "failed" };
const SHARDS = Array.from({ length: 16 }, (_, shard) => String(shard));

/** What consumers have made is built anew, or they are given events again. For the operator. */
export function Maintenance() {
  const may = useMay("operate.system");
  const [asked, setAsked] = useState<Kind | null>(null);
  const runs = useHubQuery<Runs>("operation.maintenance", undefined, { live: 1_500 });
  const all = runs.data ?? [];
  if (!may && all.length === 0) return null;
  return (
    <section className={classes["box"]} aria-label="Maintenance">
      <Group justify="space-between" mb={8}>
        <h2 className={classes["title"]}>Maintenance</h2>
        {may ? (
          <Group gap="sm">
            <Button variant="default" h={48} onClick={() => setAsked("compare")}>Hold to the log</Button>
            <Button variant="default" h={48} onClick={() => setAsked("rebuild")}>Build anew</Button>
            <Button variant="default" h={48} onClick={() => setAsked("replay")}>Give events again</Button>
          </Group>
        ) : null}
      </Group>
      {all.length === 0 ? <Text c="var(--ink-3)">Nothing was asked for.</Text> : null}
      {all.map((run) => <RunRow key={run.maintenance} run={run} />)}
      <Dialog opened={asked !== null} onClose={() => setAsked(null)} title={asked === null ? "" : TITLES[asked]} centered>
        {asked === null ? null : <AskForRun kind={asked} onDone={() => { setAsked(null); void runs.refetch(); }} />}
      </Dialog>
    </section>
  );
}

function RunRow({ run }: { readonly run: Runs[number] }) {
  const zone = useMerchant()?.zone ?? "UTC";
  const [shown, setShown] = useState(false);
  const percent = run.state === "completed" ? 100 : run.total === 0 ? 0 : Math.min(100, Math.floor((run.done / run.total) * 100));
  return (
    <div className={own["letter"]} data-open={run.state === "running" || run.state === "waiting"}>
      <div className={own["what"]}>
        <Text fw={700}>{run.group}: {DONE[run.kind]}, {STATES[run.state]}{run.differing === null ? "" : run.differing === 0 ? ": nothing differs" : run.differing === 1 ? ": 1 row differs" : `: ${run.differing} rows differ`}</Text>
        <Text fz={14} c="var(--ink-3)">{dayAndTime(run.requestedAt, zone)} · {run.reason}{run.failure === null ? "" : ` · ${run.failure}`}</Text>
      </div>
      <Progress w={220} size="lg" value={percent} color={run.state === "failed" || (run.differing ?? 0) > 0 ? "chili" : "tide"} aria-label={`${run.group}, ${percent} %`} />
      <Text w={150} ta="right" fz={15}>{run.done} of {run.total}</Text>
      {(run.differing ?? 0) > 0 ? <Button variant="default" h={48} onClick={() => setShown(true)}>Which rows</Button> : null}
      <Dialog opened={shown} onClose={() => setShown(false)} title={`${run.group}: rows that differ`} size="xl" centered>
        {shown ? <DifferingRows maintenance={run.maintenance} /> : null}
      </Dialog>
    </div>
  );
}

function AskForRun({ kind, onDone }: { readonly kind: Kind; readonly onDone: () => void }) {
  const send = useSend();
  const { clock } = useHub();
  const zone = useMerchant()?.zone ?? "UTC";
  const able = CONSUMER_GROUP_NAMES.filter((group) => CONSUMER_GROUPS[group][kind]);
  const [group, setGroup] = useState<ConsumerGroup | undefined>(able[0]);
  const [from, setFrom] = useState<"time" | "position">("time");
  const [time, setTime] = useState(() => minuteOnWall(new Date(clock.iso()), zone));
  const [shard, setShard] = useState("0");
  const [after, setAfter] = useState("0");
  const [busy, setBusy] = useState(false);
  const at = instantOfMinute(time, zone);
  const wrong = group === undefined || (kind === "replay" && (from === "time" ? at === undefined : !/^(0|[1-9]\d{0,17})$/.test(after)));

  async function ask(reason: string) {
    if (group === undefined || wrong) return;
    setBusy(true);
    const about = { maintenance: newId("maintenance"), group, reason };
    const { ok } = kind !== "replay"
      ? await send(`system.${kind}`, about)
      : await send("system.replay", { ...about, from: from === "time" ? { kind: "time", at: at ?? "" } : { kind: "position", shard: Number(shard), after } });
    setBusy(false);
    if (ok) onDone();
  }

  return (
    <Stack gap="md">
      <Select label="Consumer" size="lg" allowDeselect={false} value={group ?? null} data={able} onChange={(value) => setGroup(able.find((one) => one === value))} />
      {kind !== "replay" ? <Text c="var(--ink-2)">{kind === "rebuild" ? "It is read from the log beside what is in use, which goes on until both are equal." : "It is read from the log beside what is in use, both are held to each other, and what is in use stays as it is. Rows that differ are shown."}</Text> : (
        <>
          <Select label="From" size="lg" allowDeselect={false} value={from} data={[{ value: "time", label: "a time on" }, { value: "position", label: "a position on" }]} onChange={(value) => setFrom(value === "position" ? "position" : "time")} />
          {from === "time" ? <TextInput label={`Time in ${zone}`} type="datetime-local" value={time} onChange={(event) => setTime(event.currentTarget.value)} /> : (
            <Group grow>
              <Select label="Shard" size="lg" allowDeselect={false} value={shard} data={SHARDS} onChange={(value) => setShard(value ?? "0")} />
              <TextInput label="After position" inputMode="numeric" value={after} onChange={(event) => setAfter(event.currentTarget.value)} />
            </Group>
          )}
        </>
      )}
      <ReasonChips question="Why? It is kept with your name." reasons={REASONS[kind]} disabled={busy || wrong} onPick={(reason) => void ask(reason)} />
    </Stack>
  );
}
