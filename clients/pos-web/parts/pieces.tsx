import { IconMinus, IconPlus } from "@tabler/icons-react";
import classes from "./pieces.module.css";
import stepClasses from "./step.module.css";

type PiecesProps = { readonly label: string; readonly now: number; readonly of: number; readonly onChange: (pieces: number) => void };

/** How many pieces of a line are meant. Said aloud as it changes. */
export function Pieces({ label, now, of, onChange }: PiecesProps) {
  return (
    <span className={classes["stepper"]} role="group" aria-label={label}>
      <button type="button" className={stepClasses["step"]} aria-label="One piece fewer" disabled={now <= 1} onClick={() => onChange(Math.ceil(now) - 1)}><IconMinus size={20} /></button>
      <b aria-live="polite">{now} of {of}</b>
      <button type="button" className={stepClasses["step"]} aria-label="One piece more" disabled={now >= of} onClick={() => onChange(Math.floor(now) + 1)}><IconPlus size={20} /></button>
    </span>
  );
}
