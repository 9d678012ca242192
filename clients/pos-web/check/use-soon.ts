import { startTransition, useEffect, useState } from "react";
import { afterPaint } from "../../kit/after-paint.ts";

/** False for the first frame and true right behind it: what nobody sees yet must not hold up the answer to a tap. */
export function useSoon(now: boolean): boolean {
  const [come, setCome] = useState(now);
  useEffect(() => (come ? undefined : afterPaint(() => startTransition(() => setCome(true)))), [come]);
  return come || now;
}
