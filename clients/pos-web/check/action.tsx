import type { ReactNode } from "react";
import classes from "./bill-board.module.css";

type ActionProps = { readonly icon: ReactNode; readonly text: string; readonly name?: string; readonly disabled?: boolean; readonly onClick: () => void };

/** What is done with a bill: a picture with a word under it, so that many fit beside each other. */
export function Action({ icon, text, name = text, disabled = false, onClick }: ActionProps) {
  return (
    <button type="button" className={classes["action"]} disabled={disabled} aria-label={name} onClick={onClick}>
      {icon}
      <span>{text}</span>
    </button>
  );
}
