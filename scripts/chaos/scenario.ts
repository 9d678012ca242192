import { chance } from "../survival/chance.ts";
import { audit } from "../survival/check/audit.ts";
import type { Finding } from "../survival/check/history.ts";
import { unseenSlips, type Unseen } from "../survival/check/print-jobs.ts";
import { startLoad } from "../survival/load.ts";
import { devicesOf } from "../survival/restaurant.ts";
import { settled } from "../survival/settled.ts";
import type { Stage, StageOptions } from "../survival/stage.ts";
import { Unmet, type Fault } from "./fault.ts";
import { counted, startWatch, type Struck } from "./times.ts";
import { keepTroubles } from "./troubles.ts";
import { whole } from "./whole.ts";

export type Scenario = { readonly name: string; /** Only when it is named, or with `--each`. */ readonly asked?: boolean; readonly stage: Omit<StageOptions, "dir" | "started">; readonly faults: readonly Fault[] };

export type Report = {
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  readonly commands: number;
  /** How many of each kind were answered with success. */
  readonly done: Readonly<Record<string, number>>;
  readonly struck: readonly Struck[];
  /** What was made when, in seconds from the beginning. */
  readonly order: readonly { readonly at: number; readonly fault: string }[];
  /** Faults of the form that the time was too short for, or that nobody came upon. */
  readonly unplayed: readonly string[];
  /** Of each printer, how many slips nobody saw the end of: people are told of each, so they are no finding. */
  readonly unseen: readonly Unseen[];
  /** What was lost, doubled, out of order or never whole again; none, if all holds. */
  readonly findings: readonly Finding[];
};

export type PlayOptions = {
  readonly seed: number;
  /** Ends when each fault was made once; otherwise goes on with any until the time is over. */
  readonly each: boolean;
  /** No fault begins later; milliseconds since 1970. */
  readonly untilMs: number;
  readonly stopped: () => boolean;
  readonly told: (line: string) => void;
};

const AT_REST_WITHIN_MS = 180_000;
/** Commands before the first fault. */
const QUIET_COMMANDS = 20;
/** Faults that it does not come through, one after the other: what is broken then is none of the next fault's doing. */
const MOST_IN_A_ROW = 2;

/** Load and one fault after the other until the time is over; then everything comes to rest and is counted. */
export async function play({ name, faults, stage: { smallDisk = false } }: Scenario, stage: Stage, { seed, each, untilMs, stopped, told }: PlayOptions): Promise<Report> {
  const began = Date.now();
  if (smallDisk && stage.disk === undefined) {
    told("no disk can be mounted here, only root may: not played");
    return { name, seed, seconds: 0, commands: 0, done: {}, struck: [], order: [], unplayed: faults.map((fault) => fault.name), unseen: [], findings: [] };
  }
  const own = chance(seed);
  const struck = new Map<string, Struck>();
  const order: { readonly at: number; readonly fault: string }[] = [];
  const findings: Finding[] = [];
  const load = startLoad(stage.restaurants, { seed });
  const troubles = keepTroubles();

  const strike = async (fault: Fault) => {
    const at = Math.round((Date.now() - began) / 1000);
    told(`${String(at).padStart(5)} s  ${fault.name}`);
    order.push({ at, fault: fault.name });
    const watch = startWatch();
    const unmet = await fault.strike(stage, own, watch).catch((error: unknown) => (error instanceof Unmet ? error : Promise.reject(error)));
    const again = await whole(stage, load);
    if (unmet) return told(`         ${unmet.message}: not counted`);
    const taps = devicesOf(stage.restaurants).flatMap(({ sent }) => sent);
    struck.set(fault.name, counted(fault.name, struck.get(fault.name), watch.times(taps, again)));
  };

  const said = (error: unknown) => (error instanceof Error ? error.message : String(error));
  try {
    // Each fault once in an order of the seed's, then any.
    const first = shuffled(faults, own);
    const short = faults.filter(({ minutes }) => minutes === undefined);
    const any = short.length > 0 ? short : first;
    await load.goesOn(QUIET_COMMANDS);
    let inARow = 0;
    for (let n = 0; Date.now() < untilMs && !stopped() && !(each && n >= first.length); n++) {
      const fault = first[n] ?? own.pick(any);
      try {
        await troubles.during(fault.name, () => strike(fault));
        inARow = 0;
      } catch (error) {
        findings.push(`${name} did not come through "${fault.name}": ${said(error)}`);
        if (++inARow === MOST_IN_A_ROW) break;
      }
    }
  } catch (error) {
    findings.push(`${name} did not begin: ${said(error)}`);
  }
  try {
    await load.stop();
    await settled(stage, AT_REST_WITHIN_MS);
  } catch (error) {
    findings.push(`${name} did not come to rest: ${said(error)}`);
  }
  findings.push(...(await audit(stage, { troubles: troubles.all }).catch((error: unknown) => [`${name} could not be checked: ${said(error)}`])));
  // Where Postgres does not answer, that is a finding already.
  const unseen = await unseenSlips(stage.admin).catch(() => []);
  const unplayed = faults.flatMap((fault) => (struck.has(fault.name) ? [] : [fault.name]));
  return { name, seed, seconds: Math.round((Date.now() - began) / 1000), commands: load.answered(), done: doneBy(stage), struck: [...struck.values()], order, unplayed, unseen, findings };
}

function doneBy({ restaurants }: Stage): Readonly<Record<string, number>> {
  const done: Record<string, number> = {};
  for (const { type, answer } of devicesOf(restaurants).flatMap(({ sent }) => sent)) if (answer?.ok === true) done[type] = (done[type] ?? 0) + 1;
  return done;
}

function shuffled<T>(list: readonly T[], own: ReturnType<typeof chance>): readonly T[] {
  const left = [...list];
  return list.map(() => left.splice(own.from(0, left.length - 1), 1)[0] as T);
}
