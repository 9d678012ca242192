import { Group, Stack, Text } from "@mantine/core";
import classes from "./chips.module.css";

type ChipsProps<Value> = {
  readonly label: string;
  readonly hint?: string;
  /** Only for those who listen to the screen. */
  readonly hidden?: boolean;
  readonly fault?: string | undefined;
  readonly all: readonly { readonly value: Value; readonly text: string; readonly name?: string }[];
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: readonly Value[]) => void;
};

/** Any number of some: each one tap. */
export function Chips<Value extends string | number>({ label, hint, hidden = false, fault, all, chosen, onChange }: ChipsProps<Value>) {
  return (
    <Stack gap={4} role="group" aria-label={label}>
      {hidden ? null : <Text fw={600}>{label}{hint ? <Text span c="var(--ink-3)" fw={400}> {hint}</Text> : null}</Text>}
      <Group gap={8}>
        {all.map(({ value, text, name }) => {
          const on = chosen.includes(value);
          return <button key={value} type="button" className={classes["chip"]} aria-pressed={on} aria-label={name ?? text} onClick={() => onChange(on ? chosen.filter((each) => each !== value) : [...chosen, value])}>{text}</button>;
        })}
      </Group>
      {fault ? <Text role="alert" c="chili.6" fz={15}>{fault}</Text> : null}
    </Stack>
  );
}
