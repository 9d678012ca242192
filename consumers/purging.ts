import type { Logger } from "pino";

const EVERY_MS = 15 * 60_000;
/** Small enough that nobody waits for its locks. */
export const AT_A_TIME = 500;
const MOST_ROUNDS = 100;

/** Removes what is past its time, some rows at a time, until there is nothing left or enough was done. */
export async function purgeAll(purge: (limit: number) => Promise<number>, atATime = AT_A_TIME): Promise<number> {
  let gone = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const some = await purge(atATime);
    gone += some;
    if (some < atATime) break;
  }
  return gone;
}

/** At once and every quarter of an hour; two workers at it take different rows. */
export function purgeNowAndThen(what: string, purge: (limit: number) => Promise<number>, logger: Logger): { stop(): void } {
  let running = false;
  const run = () => {
    if (running) return;
    running = true;
    purgeAll(purge)
      .then((gone) => gone > 0 && logger.info({ what, gone }, "finished work was removed"))
      .catch((error: unknown) => logger.warn({ what, err: error }, "finished work was not removed"))
      .finally(() => (running = false));
  };
  const timer = setInterval(run, EVERY_MS);
  run();
  return { stop: () => clearInterval(timer) };
}
