import { useEffect, useState } from "react";

/** Longer than the second tap of a double tap takes to come. */
const SETTLE_MS = 600;

/** True for a moment after `standing` has changed: a finger that tapped twice on what stood there before must not pay with, or clear, what stands there now. */
export function useSettling(standing: string): boolean {
  const [settled, setSettled] = useState(standing);
  useEffect(() => {
    if (settled === standing) return;
    const timer = setTimeout(() => setSettled(standing), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [settled, standing]);
  return settled !== standing;
}
