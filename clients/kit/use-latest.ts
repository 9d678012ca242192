import { useCallback, useEffect, useRef } from "react";

/** A handler that stays the same while what it does is always the latest: a large list need not be drawn again for it. */
export function useLatest<Args extends readonly unknown[]>(handler: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
