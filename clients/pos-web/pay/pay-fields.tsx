import { Text } from "@mantine/core";
import { AmountField } from "./amount-field.tsx";
import classes from "./pay.module.css";
import type { PayForm } from "./pay-pane.tsx";

type PayFieldsProps = {
  readonly form: PayForm;
  readonly own?: { readonly label: string; readonly value: string };
  /** Why this way of paying cannot take what was typed. */
  readonly wrong?: string | null;
};

/** Part, tip, and what this way of paying asks for itself. */
export function PayFields({ form, own, wrong = null }: PayFieldsProps) {
  const { typed, field, pick } = form;
  const said = form.tooMuch ? `At most ${form.money(form.payable.due)} is due.` : wrong;
  return (
    <>
      <div className={classes["fields"]} data-own={own !== undefined}>
        <AmountField label="Part of it" value={typed.part === "" ? "all" : form.money(form.covers)} active={field === "part"} wrong={form.tooMuch} onPick={() => pick("part")} />
        <AmountField label="Tip" value={form.tip === 0n ? "none" : form.money(form.tip)} active={field === "tip"} onPick={() => pick("tip")} />
        {own ? <AmountField label={own.label} value={own.value} active={field === "own"} onPick={() => pick("own")} /> : null}
      </div>
      {said === null ? null : <Text c="chili.6" fw={650} lh={1.2} role="alert">{said}</Text>}
    </>
  );
}
