import { streamKey } from "#hub/log/keys.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { MOOD_NAMES as PROVIDER_MOODS, readMood as providerMood } from "../payment-simulator/moods.ts";
import { MOOD_NAMES as PRINTER_MOODS, readMood as printerMood } from "../printer-simulator/moods.ts";
import type { Chance } from "../survival/chance.ts";
import { processNamed, whoPrintsAt } from "../survival/kills.ts";
import type { Outside } from "../survival/outside.ts";
import { PLACES, type PointName } from "../survival/points/places.ts";
import type { Points } from "../survival/points/points.ts";
import * as moods from "../survival/redis-moods.ts";
import { PRINTERS } from "../survival/restaurant.ts";
import type { Stage } from "../survival/stage.ts";
import { killed, killedAtOnce, stopped, together, Unmet, type Fault } from "./fault.ts";
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

/** What it answers tells whether somebody came upon the mood since then. */
type Become = (mood: string) => Promise<() => Promise<boolean>>;

/** Refunds are the rarest of what people ask for: some of a minute. */
const MET_WITHIN_MS = 120_000;
const LOOK_MS = 200;

/** One in a mood for a while and until somebody came upon it, and well again. */
function moody(what: string, mood: string, mostMs: number, choose: (stage: Stage, own: Chance) => Become): Fault {
  return {
    name: `${what}: ${mood}`,
    async strike(stage, own, moment) {
      const become = choose(stage, own);
      const isMet = await become(mood);
      try {
        await moment.hold(own.from(1_000, mostMs));
        for (const deadline = Date.now() + MET_WITHIN_MS; !(await isMet()); await moment.hold(LOOK_MS)) {
          if (Date.now() > deadline) throw new Unmet(`nobody met it within ${MET_WITHIN_MS / 1000} s`);
        }
      } finally {
        await become("ok");
      }
    },
  };
}

function aMoodyPrinter(stage: Stage, own: Chance): Become {
  const outside = outsideOf(stage);
  const name = own.pick(PRINTERS);
  return async (mood) => {
    const [since] = await stage.admin<{ now: Date }[]>`select clock_timestamp() as now`;
    await outside.printerMood(name, known(printerMood({ mood, bytes: own.from(1, 400), afterBytes: own.from(0, 400), ms: own.from(200, 3_000) })));
    // A closed port notices nobody; of it the product says that it met it.
    if (mood !== "offline") return async () => (await outside.printerMet(name)) > 0;
    return async () => {
      const news = await stage.admin`select from events where type = 'printing.printer.changed' and recorded_at > ${known(since).now}
        and envelope::jsonb #>> '{data,online}' = 'false' and envelope::jsonb #>> '{data,name}' = ${name} limit 1`;
      return news.length > 0;
    };
  };
}

function aMoodyProvider(stage: Stage, own: Chance): Become {
  const outside = outsideOf(stage);
  const { provider } = own.pick(outside.connected);
  return async (mood) => {
    await outside.providerMood(provider, known(providerMood({ mood, ms: own.from(100, 3_000) })));
    return async () => (await outside.providerMet(provider)) > 0;
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
  ...PRINTER_MOODS.filter((mood) => mood !== "ok").map((mood) => moody("printer", mood, 6_000, aMoodyPrinter)),
  ...PROVIDER_MOODS.filter((mood) => mood !== "ok" && mood !== "by-hand").map((mood) => moody("provider", mood, 8_000, aMoodyProvider)),
];

function pointsOf({ points }: Stage): Points {
  if (points === undefined) throw new Error("nothing stands between the processes here");
  return points;
}

/** Each named point: whoever comes there first is killed and started again a moment later, or stands still, for a moment or for longer than its lease. */
const POINTS: readonly Fault[] = (Object.keys(PLACES) as PointName[]).flatMap((point) => [
  {
    name: point,
    async strike(stage, own, moment) {
      const one = await pointsOf(stage).meet(point);
      moment.begins();
      await moment.hold(own.from(0, 2_000));
      await one.restart();
    },
  },
  {
    name: `stopped ${point}`,
    async strike(stage, own, moment) {
      const goOn = await pointsOf(stage).stopAt(point);
      moment.begins();
      await moment.hold(own.is(0.5) ? own.from(500, 3_000) : own.from(11_000, 14_000));
      await goOn();
    },
  },
]);

const TOGETHER: readonly Fault[] = [
  together(killed("Postgres", ({ stack }) => stack.postgres), inMood("Redis killed", moods.killed, 5_000)),
  together(killed("Postgres", ({ stack }) => stack.postgres), stopped("hub", aHub, 5_000)),
  together(killed("hub", aHub), inMood("Redis flushed", moods.flushed, 2_000)),
  together(killedAtOnce("all hubs", ({ stack }) => stack.hubs), killed("provider", aProvider)),
  together(stopped("consumers", aConsumer, 9_000), inMood("Redis trimmed", moods.trimmed, 3_000)),
  together(killed("consumers", aConsumer), moody("printer", "stall", 6_000, aMoodyPrinter)),
  together(killed("consumers", aConsumer), moody("provider", "lose-connection", 8_000, aMoodyProvider)),
];

export const SINGLE_REDIS: readonly Fault[] = [
  ...PROCESSES,
  ...POSTGRES,
  ...OUTSIDE,
  ...POINTS,
  ...TOGETHER,
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
