import { useCallback, useEffect, useRef, useState } from "react";
import { useHub, useSession } from "../../kit/hooks.ts";

const LOCK_AFTER_MS = 5 * 60_000;

/** A tablet that nobody touches belongs to nobody. `watching`: whose figures stay in sight behind the lock, if that page was shown. */
export function useAutoLock(): { readonly watching: string | null; readonly stopWatching: () => void; readonly show: () => () => void } {
  const { session } = useHub();
  const { author } = useSession();
  const shown = useRef(0);
  const [watching, setWatching] = useState<string | null>(null);
  useEffect(() => {
    if (author === null) return undefined;
    setWatching(null);
    let touched = Date.now();
    const touch = () => {
      touched = Date.now();
    };
    const timer = setInterval(() => {
      if (Date.now() - touched <= LOCK_AFTER_MS) return;
      if (shown.current > 0) setWatching(author);
      session.lock();
    }, 5000);
    window.addEventListener("pointerdown", touch, { passive: true });
    window.addEventListener("keydown", touch, { passive: true });
    return () => {
      clearInterval(timer);
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("keydown", touch);
    };
  }, [author, session]);
  const stopWatching = useCallback(() => setWatching(null), []);
  const show = useCallback(() => {
    shown.current++;
    return () => void shown.current--;
  }, []);
  return { watching, stopWatching, show };
}
