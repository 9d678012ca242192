import { TextInput } from "@mantine/core";
import { useMerchant } from "../../kit/hooks.ts";
import { moneyOfText } from "./money-text.ts";

type MoneyInputProps = { readonly label: string; readonly value: string; readonly onChange: (typed: string) => void; readonly optional?: string; readonly autoFocus?: boolean; readonly trouble?: string | null };

/** An amount as text, so that nothing is rounded while somebody types. `optional`: what it says when it is left empty; `trouble`: why an amount is not taken. */
export function MoneyInput({ label, value, onChange, optional, autoFocus = false, trouble = null }: MoneyInputProps) {
  const merchant = useMerchant();
  const currency = merchant?.currency ?? "EUR";
  const empty = value.trim() === "";
  const wrong = !empty && moneyOfText(value, currency, merchant?.displayDigits ?? 2) === undefined;
  return (
    <TextInput label={`${label}, ${currency}`} placeholder={optional} value={value} inputMode="decimal" maxLength={14} data-autofocus={autoFocus || undefined} error={wrong ? "An amount, such as 12.50".replace(".50", merchant?.displayDigits === 0 ? "" : ".50") : trouble} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

/** Reads what was typed into it. */
export function useTypedMoney(): (typed: string) => ReturnType<typeof moneyOfText> {
  const merchant = useMerchant();
  return (typed) => moneyOfText(typed, merchant?.currency ?? "EUR", merchant?.displayDigits ?? 2);
}
