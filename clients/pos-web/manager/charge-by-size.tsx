import { Button, Group, NumberInput, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ServiceCharge } from "#shared/events/commerce.ts";
import { percentOfRate, rateOfPercent } from "./percent.ts";

type BySize = NonNullable<ServiceCharge["bySize"]>;
type ChargeBySizeProps = { readonly sizes: BySize; readonly onChange: (sizes: BySize) => void };
const MOST = 5;

/** DOM-12: larger parties pay another rate, by the party's covers. What is no percentage is not taken over. */
export function ChargeBySize({ sizes, onChange }: ChargeBySizeProps) {
  const [percents, setPercents] = useState<readonly string[]>(sizes.map(({ rate }) => percentOfRate(rate)));
  const change = (at: number, some: Partial<BySize[number]>) => onChange(sizes.map((each, i) => (i === at ? { ...each, ...some } : each)));
  const type = (at: number, percent: string) => {
    setPercents(percents.map((each, i) => (i === at ? percent : each)));
    const rate = rateOfPercent(percent);
    if (rate !== undefined) change(at, { rate });
  };
  const add = () => {
    const minCovers = Math.min(99, Math.max(5, ...sizes.map((each) => each.minCovers)) + 1);
    onChange([...sizes, { minCovers, rate: "0.1", removable: true }]);
    setPercents([...percents, "10"]);
  };
  const remove = (at: number) => {
    onChange(sizes.filter((_, i) => i !== at));
    setPercents(percents.filter((_, i) => i !== at));
  };
  return (
    <Stack gap="xs" role="group" aria-label="Larger parties">
      <Text fw={600}>Larger parties pay another rate</Text>
      {sizes.map((size, at) => (
        <Group key={at} align="end" wrap="nowrap">
          <NumberInput label="From covers" size="lg" w={140} min={2} max={99} allowDecimal={false} value={size.minCovers} error={sizes.some((each, i) => i !== at && each.minCovers === size.minCovers)} onChange={(value) => change(at, { minCovers: Math.max(2, Math.min(99, Math.round(Number(value) || 2))) })} />
          <TextInput label="%" w={110} value={percents[at] ?? ""} error={rateOfPercent(percents[at] ?? "") === undefined} inputMode="decimal" onChange={(event) => type(at, event.currentTarget.value)} />
          <Switch label="Guests may refuse it" checked={size.removable} onChange={(event) => change(at, { removable: event.currentTarget.checked })} styles={{ body: { minHeight: 48, alignItems: "center" } }} />
          <Button variant="subtle" color="chili" px="sm" aria-label={`No rate from ${size.minCovers} covers`} onClick={() => remove(at)}><IconTrash size={22} /></Button>
        </Group>
      ))}
      <Button variant="default" leftSection={<IconPlus size={20} />} disabled={sizes.length >= MOST} onClick={add}>A rate for larger parties</Button>
    </Stack>
  );
}
