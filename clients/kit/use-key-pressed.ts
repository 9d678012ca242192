import { useEffect, useEffectEvent } from "react";

/** Hears a key wherever the focus is, as long as there is something to do for it and nothing in between has used it. */
export function useKeyPressed(key: string, onPress: (() => void) | null): void {
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === key && !event.defaultPrevented) onPress?.();
  });
  const listens = onPress !== null;
  useEffect(() => {
    if (!listens) return;
    const listen = (event: KeyboardEvent) => hear(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [listens]);
}
