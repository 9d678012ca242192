import { Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { businessDateOf } from "#shared/domain/business-date.ts";
import { useHub, useMerchant } from "../../kit/hooks.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

export type DayRange = { readonly from: string; readonly to: string; readonly right: boolean; setFrom(day: string): void; setTo(day: string): void };

/** Business dates, both included; begins with so many days up to today. */
export function useDayRange(days = 1): DayRange {
  const { clock } = useHub();
  const merchant = useMerchant();
  const today = merchant ? businessDateOf(clock.iso(), merchant.zone, merchant.cutOver) : clock.iso().slice(0, 10);
  const [from, setFrom] = useState(() => new Date(Date.parse(today) - (days - 1) * DAY_MS).toISOString().slice(0, 10));
  const [to, setTo] = useState(today);
  return { from, to, right: DAY.test(from) && DAY.test(to) && from <= to, setFrom, setTo };
}

export function DayRangeInputs({ range }: { readonly range: DayRange }) {
  return (
    <Group grow>
      <TextInput label="From" type="date" value={range.from} max={range.to} onChange={(event) => range.setFrom(event.currentTarget.value)} />
      <TextInput label="To" type="date" value={range.to} min={range.from} onChange={(event) => range.setTo(event.currentTarget.value)} />
    </Group>
  );
}
