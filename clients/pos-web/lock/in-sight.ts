import { createContext, useContext, useEffect } from "react";

/** Told while a page is shown whose figures may stay in sight when nobody has touched the screen for long; answers how to take it back. */
export const InSightContext = createContext<() => () => void>(() => () => {});

export function useStaysInSight(): void {
  const show = useContext(InSightContext);
  useEffect(() => show(), [show]);
}
