import { audit } from "../survival/check/audit.ts";
import { saysBehind } from "../survival/check/consumers.ts";
import type { Finding } from "../survival/check/history.ts";
import type { Load } from "../survival/load.ts";
import { startLoad } from "../survival/load.ts";
import type { PointName } from "../survival/points/places.ts";
import { trimmed } from "../survival/redis-moods.ts";
import { settled } from "../survival/settled.ts";
import type { Stage } from "../survival/stage.ts";
import { delay } from "../services/server.ts";
import { answersLost } from "./guards/lost-answers.ts";
import { twoTerminals } from "./two-terminals.ts";

/** One guard of the product: what happens while it is switched off, and which findings tell of it then. */
export type Guard = { readonly name: string; harm(findings: readonly Finding[]): readonly Finding[]; /** Answers what is to be ended when everything was counted. */ strike(stage: Stage, load: Load): Promise<void | (() => Promise<void>)> };

/** Past every lease. */
const LEASES_END_MS = 12_000;
const AT_REST_WITHIN_MS = 15_000;

function saying(what: RegExp): Guard["harm"] {
  return (findings) => findings.filter((finding) => what.test(finding));
}

/** Then what is not there, or is another sum, may come yet. */
function someoneIsBehind(findings: readonly Finding[]): boolean {
  return findings.some(saysBehind);
}

/** Days that have more checks or payments than the log. */
function countedTooOften(findings: readonly Finding[]): readonly Finding[] {
  const days = findings.flatMap((finding) => {
    const [, day = "", count, times] = /^(day of \w+: \S+ \S+): (\d+) for -?\d+ is there ([01]) times/.exec(finding) ?? [];
    return count === undefined ? [] : [{ finding, day, count: Number(count), isThere: times === "1" }];
  });
  const inLog = new Map(days.filter(({ isThere }) => !isThere).map(({ day, count }) => [day, count]));
  return days.filter(({ isThere, day, count }) => isThere && count > (inLog.get(day) ?? count)).map(({ finding }) => finding);
}

async function at({ points }: Stage, point: PointName): Promise<void> {
  if (points === undefined) throw new Error("nothing stands between the processes here");
  await (await points.meet(point)).restart();
}

export const GUARDS: readonly Guard[] = [
  {
    name: "fencing",
    harm: (findings) => {
      const others = saying(/^(day of |posting|sum of movements|on the shelf)/)(findings);
      return someoneIsBehind(findings) ? [...saying(/ is there 2 times/)(others), ...countedTooOften(others)] : others;
    },
    async strike({ stack }, load) {
      await stack.consumers.kill("SIGSTOP");
      await delay(LEASES_END_MS);
      await load.goesOn(20);
      await stack.consumers.kill("SIGCONT");
      await load.goesOn(60);
    },
  },
  {
    name: "position-check",
    harm: (findings) => (someoneIsBehind(findings) ? [] : saying(/^(item on a ticket|posting|print job|day of )/)(findings)),
    strike: (stage, load) =>
      trimmed(stage, async () => {
        const consumers = stage.stack.consumerProcesses;
        for (let time = 0; time < 4; time++) {
          // Who stands still for a moment finds only the last of what came meanwhile.
          for (const one of consumers) await one.kill("SIGSTOP");
          await load.goesOn(15);
          for (const one of consumers) await one.kill("SIGCONT");
          await load.goesOn(15);
        }
      }),
  },
  {
    name: "idempotency",
    // Done twice where somebody asked once, or a no to what was done.
    harm: saying(/^(what was asked for: .* is there 2 times, not 1$|payment\.takeCash \w+ was answered \{"ok":false.*, the log says \{"ok":true)/),
    async strike(stage, load) {
      const ends: (() => Promise<void>)[] = [];
      for (const restaurant of stage.restaurants) ends.push(await answersLost(stage, restaurant));
      await load.goesOn(20);
      return async () => void (await Promise.all(ends.map((end) => end())));
    },
  },
  {
    name: "publish-heal",
    harm: saying(/^stream of shard \d+ has/),
    async strike(stage, load) {
      await at(stage, "hub before XADD");
      await load.goesOn(40);
    },
  },
  {
    name: "claim-before-print",
    harm: saying(/^slip: .* is there \d+ times, not \d+$/),
    async strike(stage, load) {
      await at(stage, "printing before the outcome is written");
      await delay(LEASES_END_MS);
      await load.goesOn(20);
    },
  },
  {
    name: "attempt-lock",
    harm: saying(/was charged twice/),
    async strike(stage) {
      for (const restaurant of stage.restaurants) await twoTerminals(restaurant);
    },
  },
];

/** What the checker finds after the strike. A product that lost a guard need not come to rest. */
export async function harmed(guard: Guard, stage: Stage, seed: number): Promise<readonly Finding[]> {
  const load = startLoad(stage.restaurants, { seed });
  // People may run into what is broken, too: that is no end of it, the checker is asked all the same.
  const met: Finding[] = [];
  const end = await load.goesOn(20).then(() => guard.strike(stage, load)).catch((error: unknown) => void met.push(`people ran into it: ${error instanceof Error ? error.message : String(error)}`));
  try {
    await Promise.race([load.stop(), delay(AT_REST_WITHIN_MS)]).catch(() => {});
    await settled(stage, AT_REST_WITHIN_MS).catch(() => {});
    return [...met, ...(await audit(stage, { restsWithinMs: AT_REST_WITHIN_MS }))];
  } finally {
    await end?.();
  }
}
