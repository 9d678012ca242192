import { useCallback, useEffect, useLayoutEffect, useReducer, useRef, useState, type MouseEvent, type PointerEvent } from "react";

/** A touch so soon after something has moved was meant for what stood there before. */
const SETTLE_MS = 300;

/** What a finger is on, and what there is by now. */
function createHold<T>() {
  let held: { readonly value: T } | null = null;
  let latest: { readonly value: T } | null = null;
  return {
    held: () => held,
    press(value: T) {
      held = { value };
    },
    follow(value: T) {
      latest = { value };
    },
    /** True when something has changed meanwhile. */
    letGo(): boolean {
      const changed = held !== null && held.value !== latest?.value;
      held = null;
      return changed;
    },
  };
}

type Handlers = { readonly onPointerDownCapture: (event: PointerEvent) => void; readonly onClickCapture: (event: MouseEvent) => void; readonly onClick: () => void };

/**
 * Screen rule 9: what another device changed never moves what a finger is on. While one is down the screen shows what it showed when it came down,
 * and a touch that follows such a change too closely does nothing. `changes` counts what came from others.
 */
export function useSteady<T>(latest: T, changes: number): { readonly value: T; readonly handlers: Handlers } {
  // Noted, and not drawn: a finger that comes down changes nothing on the screen, and what it taps must not wait for that.
  const [hold] = useState(() => createHold<T>());
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const seen = useRef(changes);
  const movedAt = useRef(-SETTLE_MS);
  const pressedAt = useRef(0);
  const held = hold.held();
  const value = held ? held.value : latest;

  const letGo = useCallback(() => {
    if (hold.letGo()) draw();
  }, [hold]);

  useLayoutEffect(() => {
    hold.follow(latest);
    if (hold.held() || seen.current === changes) return;
    seen.current = changes;
    movedAt.current = performance.now();
  });

  useEffect(() => {
    // The click comes after the finger has left, and must still meet what was there.
    const release = () => setTimeout(letGo, 0);
    window.addEventListener("pointerup", release, true);
    window.addEventListener("pointercancel", release, true);
    return () => {
      window.removeEventListener("pointerup", release, true);
      window.removeEventListener("pointercancel", release, true);
    };
  }, [letGo]);

  return {
    value,
    handlers: {
      onPointerDownCapture(event) {
        pressedAt.current = event.timeStamp;
        hold.press(value);
      },
      onClickCapture(event) {
        // A key's or a reader's click has no finger that could have been elsewhere.
        if (event.detail === 0 || pressedAt.current >= movedAt.current + SETTLE_MS || pressedAt.current < movedAt.current) return;
        event.preventDefault();
        event.stopPropagation();
      },
      // What the touch itself did is drawn with it.
      onClick: letGo,
    },
  };
}
