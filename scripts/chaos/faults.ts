import { streamKey } from "#hub/log/keys.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { MOOD_NAMES as PROVIDER_MOODS, readMood as providerMood } from "../payment-simulator/moods.ts";
import { MOOD_NAMES as PRINTER_MOODS, readMood as printerMood } from "../printer-simulator/moods.ts";
import type { Chance } from "../survival/chance.ts";
import { processNamed, whoPrintsAt } from "../survival/kills.ts";
import type { Outside } from "../survival/outside.ts";
import { PLACES, type PointName } from "../survival/points/places.ts";
import * as moods from "../survival/redis-moods.ts";
import { PRINTERS } from "../survival/restaurant.ts";
import type { Stage } from "../survival/stage.ts";
import { killed, killedAtOnce, stopped, type Fault } from "./fault.ts";
import { leftOpen, POSTGRES } from "./postgres-faults.ts";

function inMood(name: string, mood: moods.RedisMood, mostMs: number): Fault {
  return { name, strike: (stage, own, moment) => mood(stage, () => moment.hold(own.from(300, mostMs))) };
}

const aHub = ({ stack }: Stage, own: Chance) => own.pick(stack.hubs);
const aConsumer = ({ stack }: Stage, own: Chance) => own.pick(stack.consumerProcesses);

const PROCESSES: readonly Fault[] = [
  killed("hub", aHub),
  stopped("hub", aHub, 5_000),
  killed("consumers", aConsumer),
  stopped("consumers", aConsumer, 9_000),
  killedAtOnce("all hubs", ({ stack }) => stack.hubs),
  killedAtOnce("all consumers", ({ stack }) => stack.consumerProcesses),
  killedAtOnce("hub and consumers", (stage, own) => [aHub(stage, own), aConsumer(stage, own)]),
];

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
    async strike(stage, own, moment) {
      const become = set(outsideOf(stage), own);
      await become(mood);
      try {
        await moment.hold(own.from(1_000, mostMs));
      } finally {
        await become("ok");
      }
    },
  };
}

function known<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error("there is no such printer or mood");
  return thing;
}

/** Printing is a worker of each process of consumers; each printer has one at a time. */
async function whoPrints(stage: Stage, own: Chance) {
  const name = own.pick(PRINTERS);
  const [printer] = await stage.admin<{ port: number }[]>`select port from print_printers where name = ${name}`;
  return processNamed(stage.stack, await whoPrintsAt(stage.admin, known(printer)));
}

const OUTSIDE: readonly Fault[] = [
  killed("printers", aPrinter),
  stopped("printers", aPrinter, 6_000),
  killed("the process that prints", whoPrints),
  stopped("the process that prints", whoPrints, 9_000),
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
  async strike({ points }, own, moment) {
    if (points === undefined) throw new Error("nothing stands between the processes here");
    const one = await points.meet(point);
    moment.begins();
    await moment.hold(own.from(0, 2_000));
    await one.restart();
  },
}));

export const SINGLE_REDIS: readonly Fault[] = [
  ...PROCESSES,
  ...POSTGRES,
  ...OUTSIDE,
  ...POINTS,
  { name: "Redis away for a minute", minutes: 3, strike: (stage, _, moment) => moods.killed(stage, () => moment.hold(60_000)) },
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
  ...OUTSIDE.slice(0, 6),
  {
    name: "slot moved",
    strike: async (stage, own) => clusterOf(stage).moveSlotOf(aStream(own)),
  },
  {
    // Away for long enough that its replica is elected; it comes back as that one's replica.
    name: "master killed",
    async strike(stage, own, moment) {
      const master = await clusterOf(stage).masterOf(aStream(own));
      await master.kill("SIGKILL");
      await moment.hold(own.from(3_000, 6_000));
      await master.restart();
    },
  },
  {
    name: "master stopped",
    async strike(stage, own, moment) {
      const master = await clusterOf(stage).masterOf(aStream(own));
      await master.kill("SIGSTOP");
      await moment.hold(own.from(1_000, 5_000));
      await master.kill("SIGCONT");
    },
  },
];

function clusterOf({ stack }: Stage) {
  if (stack.cluster === undefined) throw new Error("Redis is no cluster here");
  return stack.cluster;
}
