import { useEffect, useRef, useState, type RefObject } from "react";

/** So far below what is in view lines are there already when somebody scrolls to them. */
const AHEAD_PX = 100;

/**
 * How many of a list's lines are drawn: those that were scrolled to and some ahead. Two hundred lines would otherwise cost every tap that changes what is shown.
 * `end`: what stands after the last one that is drawn.
 */
export function useLinesInView(count: number, first: number, lineHeight: number): { readonly shown: number; readonly end: RefObject<HTMLDivElement | null> } {
  const [limit, setLimit] = useState(first);
  const end = useRef<HTMLDivElement | null>(null);
  const more = count > limit;
  useEffect(() => {
    const mark = end.current;
    if (!more || !mark) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const [entry] = entries;
        if (!entry?.isIntersecting) return;
        // As many as there is room for down to where the list's view, and what is ahead of it, ends.
        const room = (entry.rootBounds?.bottom ?? 0) - entry.boundingClientRect.top;
        setLimit(limit + Math.max(1, Math.ceil(room / lineHeight)));
      },
      { root: mark.parentElement, rootMargin: `0px 0px ${AHEAD_PX}px 0px` },
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, [more, limit, lineHeight]);
  return { shown: Math.min(count, limit), end };
}
