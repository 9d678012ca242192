import { startTransition, useEffect, useState } from "react";

/** False for the first frame and true right behind it: what nobody sees yet must not hold up the answer to a tap. */
export function useSoon(now: boolean): boolean {
  const [come, setCome] = useState(now);
  useEffect(() => {
    if (come) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A timer that is set in a frame's callback runs when the frame has been painted.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setCome(true)), 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [come]);
  return come || now;
}
