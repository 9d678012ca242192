import { IconBackspace } from "@tabler/icons-react";
import { useRef } from "react";
import { isTypedInto, useKeys } from "./use-keys.ts";
import classes from "./num-pad.module.css";

export type NumPadProps = {
  /** Digits typed so far. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength?: number;
  /** Bottom left: "C" clears; "00" for money. */
  readonly corner?: "clear" | "00";
  readonly onEnter?: () => void;
  readonly disabled?: boolean;
  readonly label: string;
};

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** A link or a button is pressed by Enter itself, but for the pad's own keys. */
function hasOwnEnter(target: EventTarget | null): boolean {
  return target instanceof HTMLAnchorElement || (target instanceof HTMLButtonElement && target.dataset["pad"] === undefined);
}

/** A pad for fingers that also hears the keyboard, unless somebody types into a field or into what lies over it. */
export function NumPad({ value, onChange, maxLength = 12, corner = "clear", onEnter, disabled = false, label }: NumPadProps) {
  const press = (key: string) => {
    if (disabled) return;
    if (key === "back") onChange(value.slice(0, -1));
    else if (key === "clear") onChange("");
    else if (value.length + key.length <= maxLength) onChange(value + key);
  };
  const pad = useRef<HTMLDivElement>(null);
  useKeys(pad, (event) => {
    if (isTypedInto(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^\d$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") press("back");
    // One that is held down has done what it was meant for, and what it closed was over this pad.
    else if (event.key === "Enter" && onEnter && !event.repeat && !hasOwnEnter(event.target)) {
      event.preventDefault();
      onEnter();
    } else return;
    event.stopPropagation();
  });
  return (
    <div ref={pad} className={classes["pad"]} role="group" aria-label={label}>
      {DIGITS.map((digit) => (
        <button key={digit} type="button" data-pad className={classes["key"]} disabled={disabled} onClick={() => press(digit)}>
          {digit}
        </button>
      ))}
      <button type="button" data-pad className={classes["key"]} disabled={disabled} onClick={() => press(corner)} aria-label={corner === "clear" ? "Clear" : "00"}>
        {corner === "clear" ? "C" : "00"}
      </button>
      <button type="button" data-pad className={classes["key"]} disabled={disabled} onClick={() => press("0")}>
        0
      </button>
      <button type="button" data-pad className={classes["key"]} disabled={disabled} onClick={() => press("back")} aria-label="Delete digit">
        <IconBackspace size={28} aria-hidden />
      </button>
    </div>
  );
}
