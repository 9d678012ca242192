import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { figure, type Figure } from "./figures.ts";
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
/** Of the way: the heap finds its size, and what is kept for a while (frames, states, keys) fills up. */
const SETTLING = 0.3;

/** Bytes a minute by which a row of looks grows: the line that is nearest to them. */
export function slope(looks: readonly { readonly minute: number; readonly bytes: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [minute, bytes] = [mean(looks.map((look) => look.minute)), mean(looks.map((look) => look.bytes))];
  const along = looks.reduce((sum, look) => sum + (look.minute - minute) ** 2, 0);
  return looks.reduce((sum, look) => sum + (look.minute - minute) * (look.bytes - bytes), 0) / along;
}

/**
 * Eight restaurants take 100 commands a second together for so many minutes. Hub and consumers are looked at every five
 * seconds, each time after a full collection: what they keep then must not grow. Orders stay open, as nobody pays: the
 * states that the hub remembers are bounded, and so must its memory be.
 */
export async function soak({ stack, places, minutes }: OnAStack): Promise<Figure[]> {
  const processes = { hub: stack.hub, consumers: stack.consumers };
  const looks: Record<keyof typeof processes, { minute: number; bytes: number }[]> = { hub: [], consumers: [] };
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
  while (minute() < minutes) {
    const staffed: BenchPlace[] = [];
    for (const place of places) staffed.push({ ...place, accessToken: await loginOnAnotherTablet(stack, place, "Next shift") });
    const { all, close } = await comeToWork(stack.url, WAITERS, (lane, i) => new Waiter(patient(lane), staffed[i % staffed.length] as BenchPlace, i));
    await tapAtPace(all, PER_SECOND, Math.ceil(PER_SECOND * Math.min(SHIFT_SECONDS, (minutes - minute()) * 60)), () => {});
    close();
    say(`  ${minute().toFixed(1)} minutes: hub ${mb(looks.hub.at(-1)?.bytes)}, consumers ${mb(looks.consumers.at(-1)?.bytes)} MB`);
  }
  over = true;
  await looking;
  return (Object.keys(processes) as (keyof typeof processes)[]).flatMap((name) => {
    const settled = looks[name].filter((look) => look.minute > minutes * SETTLING);
    return [
      figure(`memory of the ${name}`, "MB", settled.map(({ bytes }) => bytes / 2 ** 20)),
      figure(`its growth in a minute, ${name}`, "%", [(100 * slope(settled)) / (settled[0]?.bytes ?? Number.NaN)], { atMost: 0.5 }),
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
