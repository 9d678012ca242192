import { useEffect } from "react";
import { useHub, useSession } from "../../kit/hooks.ts";

const LOCK_AFTER_MS = 5 * 60_000;

/** A tablet that nobody touches belongs to nobody. */
export function useAutoLock(): void {
  const { session } = useHub();
  const { author } = useSession();
  useEffect(() => {
    if (author === null) return undefined;
    let touched = Date.now();
    const touch = () => {
      touched = Date.now();
    };
    const timer = setInterval(() => {
      if (Date.now() - touched > LOCK_AFTER_MS) session.lock();
    }, 5000);
    window.addEventListener("pointerdown", touch, { passive: true });
    window.addEventListener("keydown", touch, { passive: true });
    return () => {
      clearInterval(timer);
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("keydown", touch);
    };
  }, [author, session]);
}
