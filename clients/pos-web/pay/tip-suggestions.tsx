import { Button } from "@mantine/core";
import { currencyExponent } from "#shared/money/money.ts";
import { fractionOfDecimal } from "#shared/money/fraction.ts";
import { divideRounded } from "#shared/money/rounding.ts";
import { rateInWords } from "../../kit/words/approvals.ts";
import classes from "./pay.module.css";
import type { PayForm } from "./pay-pane.tsx";

type TipSuggestionsProps = { readonly form: PayForm; readonly displayDigits: number; readonly onPick: (digits: string) => void };

/** By the place's policy, rounded to what it shows: a suggestion of 10 % of 42.35 is 4.24, of rupiah a whole one. */
export function TipSuggestions({ form, displayDigits, onPick }: TipSuggestionsProps) {
  const { check } = form.payable;
  const shown = 10n ** BigInt(Math.max(0, currencyExponent(check.currency) - displayDigits));
  const rates = check.policies.tips?.suggestions ?? [];
  if (rates.length === 0) return null;
  return (
    <div className={classes["tips"]} role="group" aria-label="Suggested tips">
      {rates.map((rate) => {
        const { numerator, denominator } = fractionOfDecimal(rate);
        const units = divideRounded(form.covers * numerator, denominator * shown, "half-up");
        return (
          <Button key={rate} variant="default" px={4} onClick={() => onPick(units.toString())} aria-label={`Tip ${rateInWords(rate)}`}>
            {rateInWords(rate)} · {form.money(units * shown)}
          </Button>
        );
      })}
    </div>
  );
}
