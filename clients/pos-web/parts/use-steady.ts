import { useEffect, useLayoutEffect, useRef, useState, type MouseEvent, type PointerEvent } from "react";

/** A touch so soon after something has moved was meant for what stood there before. */
const SETTLE_MS = 300;

type Handlers = { readonly onPointerDownCapture: (event: PointerEvent) => void; readonly onClickCapture: (event: MouseEvent) => void; readonly onClick: () => void };

/**
 * Screen rule 9: what another device changed never moves what a finger is on. While one is down the screen shows what it showed when it came down,
 * and a touch that follows such a change too closely does nothing. `changes` counts what came from others.
 */
export function useSteady<T>(latest: T, changes: number): { readonly value: T; readonly handlers: Handlers } {
  const [held, setHeld] = useState<{ readonly value: T } | null>(null);
  const seen = useRef(changes);
  const movedAt = useRef(-SETTLE_MS);
  const pressedAt = useRef(0);
  const value = held ? held.value : latest;
  const down = held !== null;

  useLayoutEffect(() => {
    if (down || seen.current === changes) return;
    seen.current = changes;
    movedAt.current = performance.now();
  }, [changes, down]);

  useEffect(() => {
    if (!down) return undefined;
    // The click comes after the finger has left, and must still meet what was there.
    const release = () => setTimeout(() => setHeld(null), 0);
    window.addEventListener("pointerup", release, true);
    window.addEventListener("pointercancel", release, true);
    return () => {
      window.removeEventListener("pointerup", release, true);
      window.removeEventListener("pointercancel", release, true);
    };
  }, [down]);

  return {
    value,
    handlers: {
      onPointerDownCapture(event) {
        pressedAt.current = event.timeStamp;
        setHeld({ value });
      },
      onClickCapture(event) {
        // A key's or a reader's click has no finger that could have been elsewhere.
        if (event.detail === 0 || pressedAt.current >= movedAt.current + SETTLE_MS || pressedAt.current < movedAt.current) return;
        event.preventDefault();
        event.stopPropagation();
      },
      // What the touch itself did is drawn with it.
      onClick() {
        setHeld(null);
      },
    },
  };
}
