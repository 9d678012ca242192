import { shortMoney } from "./cash-amounts.ts";
import classes from "./pay.module.css";

type AmountFieldProps = { readonly label: string; readonly value: string; readonly active: boolean; readonly wrong?: boolean; readonly onPick: () => void };

/** Letters that a field of three has room for, in its usual size and in a smaller one. */
const USUAL = 8;
const SMALLER = 10;

/** What the pad writes into, when it is the active one. An amount is never cut: a long one is smaller, and goes without its currency. */
export function AmountField({ label, value, active, wrong = false, onPick }: AmountFieldProps) {
  const short = shortMoney(value);
  return (
    <button type="button" className={classes["field"]} aria-pressed={active} data-wrong={wrong} onClick={onPick} aria-label={`${label}: ${value}`}>
      <small>{label}</small>
      <b data-long={short.length > SMALLER ? "very" : short.length > USUAL ? "rather" : "no"}>{short}</b>
    </button>
  );
}
