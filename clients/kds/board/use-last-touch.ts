import { useEffect, useRef, type RefObject } from "react";

/** When this screen was touched last, by hand or key: `performance.now()`. */
export function useLastTouch(): RefObject<number> {
  const at = useRef(0);
  useEffect(() => {
    const touched = () => {
      at.current = performance.now();
    };
    window.addEventListener("pointerdown", touched);
    window.addEventListener("keydown", touched);
    return () => {
      window.removeEventListener("pointerdown", touched);
      window.removeEventListener("keydown", touched);
    };
  }, []);
  return at;
}
