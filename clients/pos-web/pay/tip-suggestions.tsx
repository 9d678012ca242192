import { Button } from "@mantine/core";
import type { CheckState } from "#shared/domain/check/state.ts";
import { shownUnit } from "#shared/domain/merchant/charged-unit.ts";
import { fractionOfDecimal, leastCommonMultiple } from "#shared/money/fraction.ts";
import { divideToUnit, unitOf } from "#shared/money/rounding.ts";
import { rateInWords } from "../../kit/words/approvals.ts";
import { digitsOf } from "./cash-amounts.ts";
import classes from "./pay.module.css";
import type { PayForm } from "./pay-pane.tsx";

type TipSuggestionsProps = { readonly form: PayForm; readonly displayDigits: number; readonly inCoins: boolean; readonly onPick: (digits: string) => void };

export function TipSuggestions({ form, displayDigits, inCoins, onPick }: TipSuggestionsProps) {
  const { check } = form.payable;
  return <TipButtons check={check} covers={form.covers} displayDigits={displayDigits} inCoins={inCoins} money={form.money} onPick={(amount) => onPick(digitsOf(amount, check.currency, displayDigits))} />;
}

type TipButtonsProps = {
  readonly check: CheckState;
  readonly covers: bigint;
  readonly displayDigits: number;
  readonly disabled?: boolean;
  /** Somebody hands it over in coins. */
  readonly inCoins?: boolean;
  money(amount: bigint): string;
  /** Minor units. */
  readonly onPick: (amount: bigint) => void;
};

/** By the place's policy, rounded to what it charges and shows: a suggestion of 10 % of 42.35 is 4.24, of rupiah a whole one; in coins it is one that they make. */
export function TipButtons({ check, covers, displayDigits, disabled = false, inCoins = false, money, onPick }: TipButtonsProps) {
  // A bill from before there was a unit may charge less than the screen shows.
  const charged = leastCommonMultiple(BigInt(shownUnit({ currency: check.currency, displayDigits })), unitOf(check.policies.rounding));
  const unit = Number(inCoins ? leastCommonMultiple(charged, BigInt(check.policies.cashStep)) : charged);
  const rates = check.policies.tips?.suggestions ?? [];
  if (rates.length === 0) return null;
  return (
    <div className={classes["tips"]} role="group" aria-label="Suggested tips">
      {rates.map((rate) => {
        const { numerator, denominator } = fractionOfDecimal(rate);
        const tip = divideToUnit(covers * numerator, denominator, { mode: "half-up", unit });
        return (
          <Button key={rate} variant="default" px={4} disabled={disabled} onClick={() => onPick(tip)} aria-label={`Tip ${rateInWords(rate)}`}>
            {rateInWords(rate)} · {money(tip)}
          </Button>
        );
      })}
    </div>
  );
}
