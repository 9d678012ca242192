import { Button, Group, Select, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import classes from "./policies-editor.module.css";

/** DOM-17: where the place is, and when its business day begins. What was dated keeps its date. */
export function PlaceTimes({ merchant, may }: { readonly merchant: MerchantState; readonly may: boolean }) {
  const send = useSend();
  const [zone, setZone] = useState(merchant.zone);
  const [cutOver, setCutOver] = useState(merchant.cutOver);
  const [busy, setBusy] = useState(false);
  const zones = [...new Set([merchant.zone, ...Intl.supportedValuesOf("timeZone")])];
  const right = /^([01]\d|2[0-3]):[0-5]\d$/.test(cutOver);

  async function save() {
    const { name, displayDigits, locale, address } = merchant;
    setBusy(true);
    await send("commerce.changeProfile", { profile: { name, displayDigits, locale, address, zone, cutOver } });
    setBusy(false);
  }

  return (
    <fieldset className={classes["form"]} disabled={!may}>
      <section className={classes["box"]} aria-label="Business day">
        <Title order={2} fz={19}>Business day</Title>
        <Group grow align="start">
          <Select label="Time zone" size="lg" searchable allowDeselect={false} value={zone} data={zones} onChange={(value) => setZone(value ?? merchant.zone)} />
          <TextInput label="It begins at" value={cutOver} maxLength={5} error={right ? null : "HH:MM"} onChange={(event) => setCutOver(event.currentTarget.value)} />
        </Group>
        <Group justify="space-between">
          <Text c="var(--ink-2)">What was sold before keeps its day.</Text>
          <Button loading={busy} disabled={!right || (zone === merchant.zone && cutOver === merchant.cutOver)} onClick={() => void save()}>Save the times</Button>
        </Group>
      </section>
    </fieldset>
  );
}
