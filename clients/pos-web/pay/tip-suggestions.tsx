import { Button } from "@mantine/core";
import type { CheckState } from "#shared/domain/check/state.ts";
import { currencyExponent } from "#shared/money/money.ts";
import { fractionOfDecimal } from "#shared/money/fraction.ts";
import { divideRounded } from "#shared/money/rounding.ts";
import { rateInWords } from "../../kit/words/approvals.ts";
import classes from "./pay.module.css";
import type { PayForm } from "./pay-pane.tsx";

type TipSuggestionsProps = { readonly form: PayForm; readonly displayDigits: number; readonly onPick: (digits: string) => void };

export function TipSuggestions({ form, displayDigits, onPick }: TipSuggestionsProps) {
  const { check } = form.payable;
  return <TipButtons check={check} covers={form.covers} displayDigits={displayDigits} money={form.money} onPick={(amount) => onPick((amount / shownUnit(check.currency, displayDigits)).toString())} />;
}

type TipButtonsProps = {
  readonly check: CheckState;
  readonly covers: bigint;
  readonly displayDigits: number;
  readonly disabled?: boolean;
  money(amount: bigint): string;
  /** Minor units. */
  readonly onPick: (amount: bigint) => void;
};

/** By the place's policy, rounded to what it shows: a suggestion of 10 % of 42.35 is 4.24, of rupiah a whole one. */
export function TipButtons({ check, covers, displayDigits, disabled = false, money, onPick }: TipButtonsProps) {
  const shown = shownUnit(check.currency, displayDigits);
  const rates = check.policies.tips?.suggestions ?? [];
  if (rates.length === 0) return null;
  return (
    <div className={classes["tips"]} role="group" aria-label="Suggested tips">
      {rates.map((rate) => {
        const { numerator, denominator } = fractionOfDecimal(rate);
        const tip = divideRounded(covers * numerator, denominator * shown, "half-up") * shown;
        return (
          <Button key={rate} variant="default" px={4} disabled={disabled} onClick={() => onPick(tip)} aria-label={`Tip ${rateInWords(rate)}`}>
            {rateInWords(rate)} · {money(tip)}
          </Button>
        );
      })}
    </div>
  );
}

function shownUnit(currency: string, displayDigits: number): bigint {
  return 10n ** BigInt(Math.max(0, currencyExponent(currency) - displayDigits));
}
