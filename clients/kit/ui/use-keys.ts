import { useEffect, useEffectEvent, type RefObject } from "react";
import { isCovered } from "./covered.ts";

/** Hears every key that nobody has used, wherever the focus is, unless something lies over `part` of the screen: what is typed there is not for it. */
export function useKeys(part: RefObject<Element | null>, hear: (event: KeyboardEvent) => void): void {
  const heard = useEffectEvent(hear);
  useEffect(() => {
    let covered = false;
    // Before anybody hears the key: a dialog that it closes is gone when it comes by here.
    const look = () => {
      covered = part.current === null || isCovered(part.current);
    };
    const listen = (event: KeyboardEvent) => {
      if (!covered && !event.defaultPrevented) heard(event);
    };
    window.addEventListener("keydown", look, { capture: true });
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", look, { capture: true });
      window.removeEventListener("keydown", listen);
    };
  }, [part]);
}

const CHOICES = new Set(["radio", "checkbox"]);

export function isTypedInto(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !CHOICES.has(target.type));
}
