import { useEffect, useRef, useState, type RefObject } from "react";

/** So far below what is in view lines are there already when somebody scrolls to them. */
const AHEAD = "150px";

/**
 * How many of a list's lines are drawn: those that were scrolled to and some ahead. Two hundred lines would otherwise cost every tap that changes what is shown.
 * `end`: what stands after the last one that is drawn.
 */
export function useLinesInView(count: number, first: number, step: number): { readonly shown: number; readonly end: RefObject<HTMLDivElement | null> } {
  const [limit, setLimit] = useState(first);
  const end = useRef<HTMLDivElement | null>(null);
  const more = count > limit;
  useEffect(() => {
    const mark = end.current;
    if (!more || !mark) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setLimit(limit + step);
      },
      { root: mark.parentElement, rootMargin: `0px 0px ${AHEAD} 0px` },
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, [more, limit, step]);
  return { shown: Math.min(count, limit), end };
}
