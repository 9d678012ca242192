import classes from "./pay.module.css";

type AmountFieldProps = { readonly label: string; readonly value: string; readonly active: boolean; readonly wrong?: boolean; readonly onPick: () => void };

/** What the pad writes into, when it is the active one. */
export function AmountField({ label, value, active, wrong = false, onPick }: AmountFieldProps) {
  return (
    <button type="button" className={classes["field"]} aria-pressed={active} data-wrong={wrong} onClick={onPick} aria-label={`${label}: ${value}`}>
      <small>{label}</small>
      <b>{value}</b>
    </button>
  );
}
