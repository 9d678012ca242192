import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { figure, median, type Figure } from "./figures.ts";
import type { HttpLane } from "./http-lane.ts";
import { loginOnAnotherTablet, type BenchPlace } from "./place.ts";
import { anonymousBytes } from "./proc.ts";
import { comeToWork } from "./side.ts";
import { tapAtPace } from "./taps.ts";
import { Waiter } from "./waiter.ts";

const PER_SECOND = 100;
const WAITERS = 16;
/** A session's token lives for ten minutes. */
const SHIFT_SECONDS = 300;
const LOOK_SECONDS = 5;
const COLLECT_MS = 500;
/** Times that a command is sent. */
const PATIENCE = 30;
/**
 * Before the minutes that count: what is kept for a while (frames, states, tokens, keys) fills up to its bounds, and the
 * heap finds its size.
 */
const WARM_UP_MINUTES = 5;
/** Looked at together at the beginning and at the end, of a fourth of the time at most. */
const TOGETHER_MINUTES = 2;
/** Over 20 minutes in which it grew by nothing, single looks at a hub lay that far apart (82 to 86 MB): less cannot be told from none. */
const MOST_GROWN = 0.05;

type Look = { readonly minute: number; readonly bytes: number };

/** Of the looks after the warm-up: the median of the first two minutes, that of the last two, and how much that is more, in shares of the first. */
export function growthOver(looks: readonly Look[], warmUp: number): { readonly begin: number; readonly end: number; readonly share: number } {
  const last = looks.at(-1)?.minute ?? 0;
  const together = Math.min(TOGETHER_MINUTES, (last - warmUp) / 4);
  const measured = looks.filter(({ minute }) => minute >= warmUp);
  const bytes = (of: readonly Look[]) => median(of.map((look) => look.bytes));
  const begin = bytes(measured.filter(({ minute }) => minute < warmUp + together));
  const end = bytes(measured.filter(({ minute }) => minute > last - together));
  return { begin, end, share: (end - begin) / begin };
}

/**
 * Eight restaurants take 100 commands a second together, to warm up and then for so many minutes. Hub and consumers are
 * looked at every five seconds, each time after a full collection: what they keep then must not grow. Orders stay open, as nobody pays: the
 * states that the hub remembers are bounded, and so must its memory be.
 */
export async function soak({ stack, places, minutes }: OnAStack): Promise<Figure[]> {
  const processes = { hub: stack.hub, consumers: stack.consumers };
  const looks: Record<keyof typeof processes, { minute: number; bytes: number }[]> = { hub: [], consumers: [] };
  const whole = WARM_UP_MINUTES + minutes;
  const began = performance.now();
  const minute = () => (performance.now() - began) / 60_000;
  let over = false;
  const looking = (async () => {
    while (!over) {
      await sleep(LOOK_SECONDS * 1000);
      for (const [name, process] of Object.entries(processes) as [keyof typeof processes, typeof stack.hub][]) {
        await process.kill("SIGUSR2");
        await sleep(COLLECT_MS);
        looks[name].push({ minute: minute(), bytes: anonymousBytes(process.pid) });
      }
    }
  })();
  while (minute() < whole) {
    const staffed: BenchPlace[] = [];
    for (const place of places) staffed.push({ ...place, accessToken: await loginOnAnotherTablet(stack, place, "Next shift") });
    const { all, close } = await comeToWork(stack.url, WAITERS, (lane, i) => new Waiter(patient(lane), staffed[i % staffed.length] as BenchPlace, i));
    await tapAtPace(all, PER_SECOND, Math.ceil(PER_SECOND * Math.min(SHIFT_SECONDS, (whole - minute()) * 60)), () => {});
    close();
    say(`  ${minute().toFixed(1)} minutes: hub ${mb(looks.hub.at(-1)?.bytes)}, consumers ${mb(looks.consumers.at(-1)?.bytes)} MB`);
  }
  over = true;
  await looking;
  return (Object.keys(processes) as (keyof typeof processes)[]).flatMap((name) => {
    const { begin, end, share } = growthOver(looks[name], WARM_UP_MINUTES);
    return [
      figure(`memory of the ${name}, after ${WARM_UP_MINUTES} minutes`, "MB", [begin / 2 ** 20]),
      figure(`memory of the ${name}, ${minutes} minutes later`, "MB", [end / 2 ** 20]),
      figure(`its growth in those ${minutes} minutes, ${name}`, "%", [100 * share], { atMost: 100 * MOST_GROWN }),
    ];
  });
}

/** As a tablet does: what could not be answered now is asked again under its own id. Only memory is measured here. */
function patient(lane: HttpLane): Pick<HttpLane, "post"> {
  return {
    async post(...asked) {
      for (let tries = 1; ; tries++) {
        try {
          return await lane.post(...asked);
        } catch (error) {
          if (tries === PATIENCE || !(error instanceof Error) || !error.message.startsWith("503")) throw error;
          await sleep(1_000);
        }
      }
    },
  };
}

const mb = (bytes = Number.NaN) => (bytes / 2 ** 20).toFixed(0);
