import { useEffect, useEffectEvent, useRef, useState, type PointerEvent as ReactPointerEvent } from "react";

export type Dragged = { readonly share: string; readonly x: number; readonly y: number; readonly over: string | null };

/** A finger that moves this far to the side means to drag; up and down it scrolls. */
const SLOP = 12;

/**
 * Lines marked `data-share` are dragged to what is marked `data-drop`. A drag is never a tap, and what is under a finger stays there until it is lifted.
 */
export function useDrag(onDrop: (share: string, target: string) => void, enabled: boolean) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const start = useRef<{ share: string; x: number; y: number; pointer: number } | null>(null);
  const drop = useEffectEvent(onDrop);
  const active = dragged !== null;

  useEffect(() => {
    if (!active) return undefined;
    const still = (event: TouchEvent) => event.preventDefault();
    const noClick = (event: MouseEvent) => {
      event.stopPropagation();
      event.preventDefault();
    };
    const end = () => setTimeout(() => window.removeEventListener("click", noClick, true), 0);
    window.addEventListener("touchmove", still, { passive: false });
    window.addEventListener("click", noClick, true);
    return () => {
      window.removeEventListener("touchmove", still);
      end();
    };
  }, [active]);

  return {
    dragged,
    handlers: {
      onPointerDown(event: ReactPointerEvent) {
        const share = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-share]:not(:disabled)")?.dataset["share"] : undefined;
        start.current = enabled && share !== undefined && event.button === 0 ? { share, x: event.clientX, y: event.clientY, pointer: event.pointerId } : null;
      },
      onPointerMove(event: ReactPointerEvent) {
        const from = start.current;
        if (!from || from.pointer !== event.pointerId) return;
        if (!active && Math.abs(event.clientX - from.x) < SLOP) return;
        if (!active) event.currentTarget.setPointerCapture(event.pointerId);
        setDragged({ share: from.share, x: event.clientX, y: event.clientY, over: targetAt(event.clientX, event.clientY) });
      },
      onPointerUp(event: ReactPointerEvent) {
        const from = start.current;
        start.current = null;
        if (!active || !from) return;
        const target = targetAt(event.clientX, event.clientY);
        setDragged(null);
        if (target !== null) drop(from.share, target);
      },
      onPointerCancel() {
        start.current = null;
        setDragged(null);
      },
    },
  };
}

function targetAt(x: number, y: number): string | null {
  return document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-drop]")?.dataset["drop"] ?? null;
}
