import { useEffect, useLayoutEffect, useRef, type MouseEvent, type PointerEvent, type RefObject } from "react";
import { isReflow, NO_PLACES, type Places } from "./arrange.ts";
import { isSettled, SETTLE_MS } from "./press-guard.ts";

type Handlers = { readonly onPointerDownCapture: (event: PointerEvent) => void; readonly onClickCapture: (event: MouseEvent) => void };

/** Screen rule 11: touches are ignored for 300 ms after the board has moved, and those that began before. */
export function usePressGuard(area: RefObject<HTMLElement | null>, places: Places, page: number): Handlers {
  const seen = useRef<{ readonly places: Places; readonly page: number }>({ places: NO_PLACES, page: 0 });
  const reflowedAt = useRef<number | null>(null);
  const pressedAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useLayoutEffect(() => {
    const before = seen.current;
    seen.current = { places, page };
    if (before.page === page && !isReflow(before.places, places, page)) return;
    reflowedAt.current = performance.now();
    area.current?.setAttribute("data-settling", "true");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => area.current?.removeAttribute("data-settling"), SETTLE_MS);
  }, [area, places, page]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return {
    onPointerDownCapture: (event) => {
      pressedAt.current = event.timeStamp;
    },
    onClickCapture: (event) => {
      // A key or a reader's click has no finger that could have been elsewhere.
      if (event.detail === 0 || isSettled(pressedAt.current, reflowedAt.current)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
