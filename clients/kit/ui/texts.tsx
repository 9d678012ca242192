import { Text, type TextProps } from "@mantine/core";
import { useCallback } from "react";
import type { Money } from "#shared/events/primitives.ts";
import { formatMoney } from "#shared/money/format.ts";
import { useHubTime } from "../clock.ts";
import { minutesText, timerText } from "../format.ts";
import { useHub, useMerchant } from "../hooks.ts";

/** How this place writes money. The same function until that changes. */
export function useMoneyText(): (money: Money) => string {
  const merchant = useMerchant();
  const displayDigits = merchant?.displayDigits ?? 2;
  const locale = merchant?.locale ?? "en";
  return useCallback((money) => formatMoney(money, { displayDigits, locale }), [displayDigits, locale]);
}

export function MoneyText({ money, ...props }: TextProps & { readonly money: Money }) {
  const text = useMoneyText();
  return (
    <Text component="span" inherit {...props}>
      {text(money)}
    </Text>
  );
}

/** How long ago, by the hub's clock. */
export function AgeText({ since, as = "minutes", ...props }: TextProps & { readonly since: string; readonly as?: "minutes" | "timer" }) {
  const { clock } = useHub();
  const text = useHubTime(clock, as === "timer" ? 1000 : 10_000, (now) => (as === "timer" ? timerText : minutesText)(now - Date.parse(since)));
  return (
    <Text component="span" inherit {...props}>
      {text}
    </Text>
  );
}
