import { startTransition, useEffect, useState } from "react";
import { afterPaint } from "../../kit/after-paint.ts";

/**
 * The value as it was until the frame has been painted in which it changed. React's own `useDeferredValue` begins with the deferred work before that frame when
 * it finds the time, and the tap's answer waits for it.
 */
export function useBehind<Value>(value: Value): Value {
  const [shown, setShown] = useState(() => value);
  useEffect(() => (Object.is(shown, value) ? undefined : afterPaint(() => startTransition(() => setShown(() => value)))), [shown, value]);
  return shown;
}
