import { pino } from "pino";
import { readEvent } from "#shared/events/read.ts";
import { forgetOldDeadLetters, waitingDecisions } from "./dead-letters.ts";
import { retryWaits } from "./failures.ts";
import { gate } from "./gate.ts";
import { GroupRunner } from "./group-runner.ts";
import { fairShare, leaseName, leases, type Lease } from "./leases.ts";
import { loop } from "./loop.ts";
import { ownerName } from "./owner.ts";
import type { Runner, RunnerOptions, RunnerTimings } from "./ports.ts";
import { remembering } from "./readable.ts";
import { skipped } from "./skipped.ts";
import { shardStatus } from "./status.ts";
import { RedisLanes } from "./redis-lanes.ts";
import type { WantedStream } from "./stream-reader.ts";

const TIMINGS: RunnerTimings = {
  leaseMs: 6_000,
  tickMs: 1_500,
  safetyPollMs: 2_000,
  outagePollMs: 250,
  blockMs: 2_000,
  skipFlushMs: 1_000,
};
/** So many looks in a row at which Redis had not brought what was there at the look before: the answers of a connection prove nothing. */
const BEHIND_LOOKS = 3;
/** A dead letter that blocks its keys, and nobody who decides: about a week of a place. */
const PARKED_MOST = 20_000;
const SWEEP_EVERY_MS = 600_000;
/** Handlers still at it are given up after the first, waited for until the second: together below 5 s. */
const ABORT_AFTER_MS = 3_000;
const GIVE_UP_AFTER_MS = 4_000;

/** RUN-1 to RUN-4 for a list of consumers, in one process. Other processes may run the same list beside it. */
export function startRunner(options: RunnerOptions): Runner {
  const { sql, log, consumers, redisUrl, processName } = options;
  requireDefinitions(consumers);
  const timings = { ...TIMINGS, ...options.timings };
  const clock = options.clock ?? { now: () => Date.now() };
  const logger = options.logger ?? pino({ level: "silent" });
  const owner = ownerName(processName);
  const names = consumers.map(({ group }) => group);
  const fromHead = consumers.filter(({ policy }) => policy.startsAt === "head").map(({ group }) => group);
  const book = leases(sql, owner, processName, names, timings.leaseMs, fromHead);
  const read = remembering(options.read ?? readEvent);
  const suspects = gate(1);
  const skips = skipped(sql);
  let stopping: Promise<void> | undefined;
  let registered = false;
  let epoch: string | undefined;
  let lookedAt: readonly bigint[] = [];
  let behind = 0;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let onStarted = () => {};
  const started = new Promise<void>((resolve) => (onStarted = resolve));

  const groups = consumers.map(
    (consumer) =>
      new GroupRunner({
        sql,
        log,
        clock,
        hooks: options.hooks ?? {},
        logger,
        ...(options.observe === undefined ? {} : { observe: options.observe }),
        ...(options.watch === undefined ? {} : { watch: options.watch }),
        read,
        consumer,
        leases: book,
        suspects,
        parkedMost: options.parkedMost ?? PARKED_MOST,
        retryWaits: retryWaits(options.firstRetryMs),
        skipped: skips,
        skipFlushMs: timings.skipFlushMs,
        wake: (queue, jobId, traceparent) => options.wake?.(queue, jobId, traceparent),
        concurrency: options.concurrency ?? 2,
        mark: (shard, ofEpoch, group, position) => redis.mark(shard, ofEpoch, group, position),
        readTo: (shard, ofEpoch) => redis.position(shard, ofEpoch),
        readAnew,
        onChange: hurry,
      }),
  );
  const redis = new RedisLanes({
    redisUrl,
    blockMs: timings.blockMs,
    logger,
    wanted: () => newest(groups.flatMap((group) => group.wanted())),
    onEntry: ({ shard, epoch: ofEpoch }, position, text) => {
      for (const group of groups) group.onEntry(shard, ofEpoch, position, text);
    },
    onState: hurry,
  });

  function readAnew(): void {
    redis.changed();
  }

  function hurry(): void {
    ticks?.hurry();
    polls?.hurry();
  }

  async function balance(group: GroupRunner, alive: number): Promise<void> {
    const share = fairShare(alive);
    if (group.size > share) group.giveUp(group.size - share);
    if (group.size >= share) return;
    const taken = await book.take(group.group, share - group.size);
    for (const lease of taken) group.add(lease);
    if (taken.length > 0) {
      readAnew();
      logger.info({ group: group.group, shards: taken.map(({ shard }) => shard) }, "took over shards");
    }
  }

  async function tick(): Promise<void> {
    // A lease is taken in an epoch, so the log has to have one (LOG-7).
    epoch = await log.epoch();
    if (!registered) {
      await book.register();
      registered = true;
    }
    const left = new Map(groups.flatMap((group) => [...group.persisted()]));
    const mine = await book.renew();
    // A Postgres that crashed has forgotten the last commits that nobody waited for (ADR 0008), and the checkpoints with them.
    const isAsLeft = (lease: Lease) => {
      const found = mine.get(leaseName(lease));
      return found?.fence === lease.fence && lease.logEpoch === epoch && found.position >= (left.get(leaseName(lease)) ?? 0n);
    };
    for (const group of groups) group.keepOnly(isAsLeft);
    // A lease without a worker: its worker stumbled over a new epoch or a moved checkpoint, and starts anew.
    for (const [name, { fence }] of mine) {
      const [group = "", shard = ""] = name.split("/");
      if (groups.find((one) => one.group === group)?.holds(Number(shard)) !== true) await book.release(group, Number(shard), fence);
    }
    const alive = await book.beat();
    if (stopping !== undefined) return;
    await Promise.all(groups.map((group) => balance(group, alive.get(group.group) ?? 1)));
    onStarted();
    for (const decision of await waitingDecisions(sql)) groups.find(({ group }) => group === decision.group)?.decide(decision);
    if (clock.now() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = clock.now();
    await forgetOldDeadLetters(sql, new Date(sweptAt));
  }

  /** The bell that rings without Redis: one query for all groups. */
  async function poll(): Promise<void> {
    if (!registered) return;
    const [heads, now] = await Promise.all([log.heads(), log.epoch()]);
    if (now !== epoch) ticks?.hurry();
    // While Redis is read, what was written since the last look is on its way.
    const due = redis.reading ? lookedAt : heads;
    lookedAt = heads;
    behind = redis.reading && redis.lacks(now, due) ? behind + 1 : 0;
    if (behind === BEHIND_LOOKS) {
      behind = 0;
      logger.info("Redis does not bring what is in Postgres; it is read over another connection");
      redis.reopen();
    }
    for (const group of groups) group.noticeHeads(due);
  }

  const complain = (error: unknown) => logger.warn({ err: error }, "runner cannot reach Postgres");
  const ticks = loop(tick, () => (registered ? timings.tickMs : 200), complain);
  const polls = loop(poll, () => (redis.reading ? timings.safetyPollMs : timings.outagePollMs), complain);

  async function stop(): Promise<void> {
    const abort = delay(ABORT_AFTER_MS);
    const giveUp = delay(GIVE_UP_AFTER_MS);
    const loops = Promise.all([ticks.stop(), polls.stop()]);
    await Promise.race([Promise.all([loops, redis.stopReading(), ...groups.map((group) => group.stop(abort.passed))]), giveUp.passed]);
    await Promise.race([book.leave().catch(() => {}), delay(500).passed]);
    await redis.stopTelling(300);
    abort.cancel();
    giveUp.cancel();
  }

  return {
    started,
    stop: () => (stopping ??= stop()),
    queues: () => groups.flatMap((group) => group.queues()),
    async status() {
      const shards = await shardStatus(sql, names, owner, await log.heads());
      return { owner, redis: new Map(groups.map(({ group }) => [group, redis.reading])), shards };
    },
  };
}

/** A stream that several consumers work on is read from where the foremost stands: who is behind reads Postgres. */
function newest(wanted: readonly WantedStream[]): readonly WantedStream[] {
  const streams = new Map<string, WantedStream>();
  for (const one of wanted) {
    const key = `${one.epoch}/${one.shard}`;
    const other = streams.get(key);
    if (other === undefined || other.after < one.after) streams.set(key, one);
  }
  return [...streams.values()];
}

function requireDefinitions(consumers: RunnerOptions["consumers"]): void {
  const seen = new Set<string>();
  for (const { group, policy } of consumers) {
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(group) || seen.has(group)) throw new Error(`a consumer's group is named once, in kebab case: ${group}`);
    if (!Number.isInteger(policy.batchSize) || policy.batchSize < 1 || policy.batchSize > 500) {
      throw new Error(`${group}: the batch size is between 1 and 500`);
    }
    seen.add(group);
  }
}

function delay(ms: number): { readonly passed: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  return { passed, cancel: () => clearTimeout(timer) };
}
