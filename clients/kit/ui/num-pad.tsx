import { IconBackspace } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { isCovered } from "./covered.ts";
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

const CHOICES = new Set(["radio", "checkbox"]);

function isTypedInto(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !CHOICES.has(target.type));
}

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
  const hear = useEffectEvent((event: KeyboardEvent) => {
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
  const pad = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let covered = false;
    // Before anybody hears the key: a dialog that it closes is gone when it comes by here.
    const look = () => {
      covered = pad.current === null || isCovered(pad.current);
    };
    const listen = (event: KeyboardEvent) => {
      if (!covered) hear(event);
    };
    window.addEventListener("keydown", look, { capture: true });
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", look, { capture: true });
      window.removeEventListener("keydown", listen);
    };
  }, []);
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
