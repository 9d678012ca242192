import { Button, Group, Select, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import type { profileOf } from "#shared/domain/merchant/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { ChangedMeanwhile } from "../parts/changed-meanwhile.tsx";
import { useDraftStanding } from "../parts/use-draft-standing.ts";
import classes from "./policies-editor.module.css";

type Profile = ReturnType<typeof profileOf>;
type PlaceTimesProps = { readonly start: Profile; readonly now: Profile; readonly may: boolean; readonly onLookAgain: () => void };

/** DOM-17: where the place is, and when its business day begins. What was dated keeps its date. */
export function PlaceTimes({ start, now, may, onLookAgain }: PlaceTimesProps) {
  const send = useSend();
  const [zone, setZone] = useState(start.zone);
  const [cutOver, setCutOver] = useState(start.cutOver);
  const [busy, setBusy] = useState(false);
  const zones = [...new Set([start.zone, ...Intl.supportedValuesOf("timeZone")])];
  const right = /^([01]\d|2[0-3]):[0-5]\d$/.test(cutOver);

  const draft = { ...start, zone, cutOver };
  const standing = useDraftStanding({ start, now, draft, busy, onLookAgain });

  async function save() {
    setBusy(true);
    await send("commerce.changeProfile", { was: start, profile: draft });
    setBusy(false);
  }

  return (
    <fieldset className={classes["form"]} disabled={!may}>
      <section className={classes["box"]} aria-label="Business day">
        <Title order={2} fz={19}>Business day</Title>
        <Group grow align="start">
          <Select label="Time zone" size="lg" searchable allowDeselect={false} value={zone} data={zones} onChange={(value) => setZone(value ?? start.zone)} />
          <TextInput label="It begins at" value={cutOver} maxLength={5} error={right ? null : "HH:MM"} onChange={(event) => setCutOver(event.currentTarget.value)} />
        </Group>
        {standing === "changed" ? <ChangedMeanwhile was={start} now={now} onLookAgain={onLookAgain} /> : null}
        <Group justify="space-between">
          <Text c="var(--ink-2)">What was sold before keeps its day.</Text>
          <Button loading={busy} disabled={!right || standing !== "same" || (zone === start.zone && cutOver === start.cutOver)} onClick={() => void save()}>Save the times</Button>
        </Group>
      </section>
    </fieldset>
  );
}
