import { waitFor } from "../services/server.ts";
import { chance } from "../survival/chance.ts";
import { audit } from "../survival/check/audit.ts";
import type { Finding } from "../survival/check/history.ts";
import { startLoad, type Load } from "../survival/load.ts";
import { healthOf, settled } from "../survival/settled.ts";
import type { Stage, StageOptions } from "../survival/stage.ts";
import type { Fault } from "./faults.ts";

export type Scenario = { readonly name: string; readonly stage: Omit<StageOptions, "dir" | "started">; readonly faults: readonly Fault[] };

export type Struck = { readonly fault: string; readonly times: number; /** Until the product was whole again and answered, at most; milliseconds. */ readonly wholeAfterMs: number };

export type Report = {
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  readonly commands: number;
  readonly struck: readonly Struck[];
  /** What was lost, doubled, out of order or never whole again; none, if all holds. */
  readonly findings: readonly Finding[];
};

const WHOLE_WITHIN_MS = 60_000;
const AT_REST_WITHIN_MS = 180_000;
/** Commands between two faults. */
const QUIET_COMMANDS = 20;

/** Load and one fault after the other until the time is over; then everything comes to rest and is counted. */
export async function play({ name, faults }: Scenario, stage: Stage, options: { readonly seed: number; readonly minutes: number; readonly untilMs: number; readonly stopped: () => boolean; readonly told: (line: string) => void }): Promise<Report> {
  const { seed, untilMs, told } = options;
  const began = Date.now();
  const own = chance(seed);
  const struck = new Map<string, Struck>();
  const findings: Finding[] = [];
  const load = startLoad(stage.restaurants, { seed });

  const strike = async (fault: Fault) => {
    told(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${fault.name}`);
    await fault.strike(stage, own);
    const over = Date.now();
    await whole(stage, load);
    const before = struck.get(fault.name);
    struck.set(fault.name, { fault: fault.name, times: (before?.times ?? 0) + 1, wholeAfterMs: Math.max(before?.wholeAfterMs ?? 0, Date.now() - over) });
  };

  try {
    // Each fault once in an order of the seed's, then any.
    const first = shuffled(faults.filter(({ minutes = 0 }) => minutes <= options.minutes), own);
    const short = faults.filter(({ minutes }) => minutes === undefined);
    const any = short.length > 0 ? short : first;
    await load.goesOn(QUIET_COMMANDS);
    for (let n = 0; Date.now() < untilMs && !options.stopped(); n++) await strike(first[n] ?? own.pick(any));
    await load.stop();
    await settled(stage, AT_REST_WITHIN_MS);
  } catch (error) {
    findings.push(`${name} did not come through: ${error instanceof Error ? error.message : String(error)}`);
    await load.stop().catch(() => {});
  }
  findings.push(...(await audit(stage).catch((error: unknown) => [`${name} could not be checked: ${error instanceof Error ? error.message : String(error)}`])));
  return { name, seed, seconds: Math.round((Date.now() - began) / 1000), commands: load.answered(), struck: [...struck.values()], findings };
}

/** Every hub is well, and people are served. */
async function whole(stage: Stage, load: Load): Promise<void> {
  await waitFor("the hubs to be well again", WHOLE_WITHIN_MS, async () => {
    const healths = await Promise.all(stage.stack.hubs.map(({ url }) => healthOf(stage, url)));
    return healths.every((health) => health?.status === "ok");
  });
  await load.goesOn(QUIET_COMMANDS, WHOLE_WITHIN_MS);
}

function shuffled<T>(list: readonly T[], own: ReturnType<typeof chance>): readonly T[] {
  const left = [...list];
  return list.map(() => left.splice(own.from(0, left.length - 1), 1)[0] as T);
}
