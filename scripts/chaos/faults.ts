import { streamKey } from "#hub/log/keys.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { delay, type RunningProcess } from "../services/server.ts";
import { MOOD_NAMES as PROVIDER_MOODS, readMood as providerMood } from "../payment-simulator/moods.ts";
import { MOOD_NAMES as PRINTER_MOODS, readMood as printerMood } from "../printer-simulator/moods.ts";
import type { Chance } from "../survival/chance.ts";
import { holdSnapshot, holdTable } from "../survival/kills.ts";
import type { Outside } from "../survival/outside.ts";
import { PLACES, type PointName } from "../survival/points/places.ts";
import * as moods from "../survival/redis-moods.ts";
import { PRINTERS } from "../survival/restaurant.ts";
import type { Stage } from "../survival/stage.ts";

/** Something that happens to the product and is over when the promise resolves; what it harmed runs again then. */
export type Fault = { readonly name: string; /** In runs of so many minutes and more, and once in each. */ readonly minutes?: number; strike(stage: Stage, own: Chance): Promise<void> };

/** Gone without a word, and started again a moment later. */
function killed(what: string, one: (stage: Stage, own: Chance) => RunningProcess, signals: readonly NodeJS.Signals[] = ["SIGKILL"]): Fault {
  return {
    name: `${what} killed`,
    async strike(stage, own) {
      const process = one(stage, own);
      await process.kill(own.pick(signals));
      await delay(own.from(100, 3_000));
      await process.restart();
    },
  };
}

/** Alive and silent, its connections open. */
function stopped(what: string, one: (stage: Stage, own: Chance) => RunningProcess, mostMs: number): Fault {
  return {
    name: `${what} stopped`,
    async strike(stage, own) {
      const process = one(stage, own);
      await process.kill("SIGSTOP");
      await delay(own.from(1_000, mostMs));
      await process.kill("SIGCONT");
    },
  };
}

function inMood(name: string, mood: moods.RedisMood, mostMs: number): Fault {
  return { name, strike: (stage, own) => mood(stage, () => delay(own.from(300, mostMs))) };
}

const aHub = ({ stack }: Stage, own: Chance) => own.pick(stack.hubs);
const aConsumer = ({ stack }: Stage, own: Chance) => own.pick(stack.consumerProcesses);

const PROCESSES: readonly Fault[] = [killed("hub", aHub), stopped("hub", aHub, 5_000), killed("consumers", aConsumer), stopped("consumers", aConsumer, 9_000)];

function outsideOf({ outside }: Stage): Outside {
  if (outside === undefined) throw new Error("printers and providers are not processes here");
  return outside;
}

const aPrinter = (stage: Stage) => outsideOf(stage).printers;
const aProvider = (stage: Stage) => outsideOf(stage).provider;

/** One in a mood for a while, and well again. */
function moody(what: string, mood: string, mostMs: number, set: (outside: Outside, own: Chance) => (mood: string) => Promise<void>): Fault {
  return {
    name: `${what}: ${mood}`,
    async strike(stage, own) {
      const become = set(outsideOf(stage), own);
      await become(mood);
      try {
        await delay(own.from(1_000, mostMs));
      } finally {
        await become("ok");
      }
    },
  };
}

function known<Mood>(mood: Mood | undefined): Mood {
  if (mood === undefined) throw new Error("there is no such mood");
  return mood;
}

const OUTSIDE: readonly Fault[] = [
  killed("printers", aPrinter),
  stopped("printers", aPrinter, 6_000),
  killed("provider", aProvider),
  stopped("provider", aProvider, 6_000),
  ...PRINTER_MOODS.filter((mood) => mood !== "ok").map((mood) =>
    moody("printer", mood, 6_000, (outside, own) => {
      const printer = own.pick(PRINTERS);
      return (now) => outside.printerMood(printer, known(printerMood({ mood: now, bytes: own.from(1, 400), afterBytes: own.from(0, 400), ms: own.from(200, 3_000) })));
    }),
  ),
  ...PROVIDER_MOODS.filter((mood) => mood !== "ok" && mood !== "by-hand").map((mood) =>
    moody("provider", mood, 8_000, (outside, own) => {
      const provider = own.pick(outside.connected).provider;
      return (now) => outside.providerMood(provider, known(providerMood({ mood: now, ms: own.from(100, 3_000) })));
    }),
  ),
];

/** Each named point, and whoever comes there first is started again a moment later. */
const POINTS: readonly Fault[] = (Object.keys(PLACES) as PointName[]).map((point) => ({
  name: point,
  async strike({ points }, own) {
    if (points === undefined) throw new Error("nothing stands between the processes here");
    const one = await points.meet(point);
    await delay(own.from(0, 2_000));
    await one.restart();
  },
}));

const POSTGRES: readonly Fault[] = [
  // Fast shutdown, immediate shutdown, a crash.
  killed("Postgres", ({ stack }) => stack.postgres, ["SIGINT", "SIGQUIT", "SIGKILL"]),
  stopped("Postgres", ({ stack }) => stack.postgres, 3_000),
  {
    name: "Postgres's connections cut",
    async strike({ admin }, own) {
      for (let times = own.from(1, 5); times > 0; times--) {
        await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'comanda-%'`;
        await delay(own.from(50, 500));
      }
    },
  },
  {
    // The last that an append writes: commands stand before their commit, longer than a hub waits.
    name: "a table held",
    async strike({ stack }, own) {
      const held = await holdTable(stack.adminUrl, "commands");
      await delay(own.from(500, 7_000));
      await held.release();
    },
  },
];

/** The service goes on meanwhile. */
function leftOpen(name: string, minutes: number, ms: number): Fault {
  return {
    name,
    minutes,
    async strike({ stack }) {
      const end = await holdSnapshot(stack.adminUrl);
      await delay(ms);
      await end();
    },
  };
}

export const SINGLE_REDIS: readonly Fault[] = [
  ...PROCESSES,
  ...POSTGRES,
  ...OUTSIDE,
  ...POINTS,
  { name: "Redis away for a minute", minutes: 3, strike: (stage) => moods.killed(stage, () => delay(60_000)) },
  leftOpen("a transaction open for a minute", 3, 60_000),
  leftOpen("a transaction open for half an hour", 30, 30 * 60_000),
  inMood("Redis killed", moods.killed, 10_000),
  inMood("Redis stopped", moods.silent, 6_000),
  inMood("Redis's connections cut", moods.cutOff, 4_000),
  inMood("Redis flushed", moods.flushed, 2_000),
  inMood("Redis's file cut", moods.tailCut, 2_000),
  inMood("Redis failed over", moods.failedOver, 3_000),
  inMood("Redis trimmed", moods.trimmed, 3_000),
  inMood("Redis's groups gone", moods.ungrouped, 1_000),
  inMood("Redis out of memory", moods.outOfMemory, 5_000),
];

const aStream = (own: Chance) => streamKey(own.from(0, SHARD_COUNT - 1), "");

export const CLUSTER: readonly Fault[] = [
  ...PROCESSES,
  ...OUTSIDE.slice(0, 4),
  {
    name: "slot moved",
    strike: async (stage, own) => clusterOf(stage).moveSlotOf(aStream(own)),
  },
  {
    // Away for long enough that its replica is elected; it comes back as that one's replica.
    name: "master killed",
    async strike(stage, own) {
      const master = await clusterOf(stage).masterOf(aStream(own));
      await master.kill("SIGKILL");
      await delay(own.from(3_000, 6_000));
      await master.restart();
    },
  },
  {
    name: "master stopped",
    async strike(stage, own) {
      const master = await clusterOf(stage).masterOf(aStream(own));
      await master.kill("SIGSTOP");
      await delay(own.from(1_000, 5_000));
      await master.kill("SIGCONT");
    },
  },
];

function clusterOf({ stack }: Stage) {
  if (stack.cluster === undefined) throw new Error("Redis is no cluster here");
  return stack.cluster;
}
