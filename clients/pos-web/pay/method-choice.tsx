import type { KeyboardEvent } from "react";
import { METHOD_ICONS, type Method } from "./methods.ts";
import classes from "./pay.module.css";

type MethodChoiceProps = { readonly methods: readonly Method[]; readonly chosen: Method; readonly onChoose: (method: Method) => void };

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One of these ways to pay: for the Tab key one stop, in which the arrows choose. */
export function MethodChoice({ methods, chosen, onChoose }: MethodChoiceProps) {
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = (methods.findIndex(({ key }) => key === chosen.key) + step + methods.length) % methods.length;
    const next = methods[place];
    if (!next) return;
    onChoose(next);
    event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')[place]?.focus();
  }
  return (
    <div className={classes["methods"]} role="radiogroup" aria-label="Method" onKeyDown={onKeyDown}>
      {methods.map((method) => {
        const Shape = METHOD_ICONS[method.method];
        const isChosen = method.key === chosen.key;
        return (
          <button key={method.key} type="button" role="radio" aria-checked={isChosen} tabIndex={isChosen ? 0 : -1} className={classes["method"]} onClick={() => onChoose(method)}>
            <Shape size={20} aria-hidden />
            <span>{method.name}</span>
          </button>
        );
      })}
    </div>
  );
}
