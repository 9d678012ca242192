import { startTransition, useEffect, useState } from "react";

/** More may come one by one before the end of a list waits for its turn again. */
const SLACK = 20;

/**
 * How many of a list's lines are drawn now. Of a list that has just come, or has grown by many, those that can be seen come with the first frame and the rest
 * right behind it: a hundred lines that nobody sees yet must not hold up the answer to a tap.
 */
export function useShownLines(count: number, seen: number): number {
  const [limit, setLimit] = useState(seen);
  const settled = count <= limit && limit <= Math.max(seen, count + SLACK);
  useEffect(() => {
    if (settled) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A timer that is set in a frame's callback runs when the frame has been painted.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setLimit(Math.max(seen, count + SLACK))), 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [settled, count, seen]);
  return Math.min(count, limit);
}
