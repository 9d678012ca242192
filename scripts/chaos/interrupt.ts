/** From a terminal one press reaches every process of its group, and whoever started us hands it on besides. */
const SAME_PRESS_MS = 1_000;

/** What to do at each SIGINT: the first press ends the run in good order, another one at once. `now`: ms of a clock that never goes back. */
export function onPress(inOrder: () => void, atOnce: () => void, now: () => number = () => performance.now()): () => void {
  let firstAt: number | undefined;
  return () => {
    if (firstAt === undefined) {
      firstAt = now();
      inOrder();
    } else if (now() - firstAt >= SAME_PRESS_MS) atOnce();
  };
}
