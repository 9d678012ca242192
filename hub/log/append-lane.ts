import type { Sql } from "#hub/db/client.ts";
import { callAppend, storedEvents, type CallOutcome } from "./append-call.ts";
import { createAppendQueue, type Waiting } from "./append-queue.ts";
import type { EncodedCommand } from "./encode.ts";
import { codeOf, isConnectionLost, isTransient, refusesWrites, silent } from "./failures.ts";
import { NewerState } from "./newer-state.ts";
import type { QueueSeen } from "./queue-seen.ts";
import type { AppendOutcome, StoredEvent } from "./types.ts";
import { pause, within } from "./waiting.ts";

export type LaneOptions = {
  /** Opens a pool of one connection; called again when a connection has to be given up. */
  readonly open: () => Sql;
  readonly onCommitted: (shard: number, events: readonly StoredEvent[]) => void;
  /** A repeat whose first append may have been ours: its answer was lost, so nobody was told of its events. */
  readonly onRepeat: (shard: number, to: bigint) => void;
  /** Milliseconds, which never go back. */
  readonly now: () => number;
  readonly batchCommands: number;
  readonly batchSize: number;
  readonly queueCommands: number;
  /** Of them, one owner's. */
  readonly queueOfOwner: number;
  /** How long a command may wait while its shard's lock is held by others. */
  readonly busyMs: number;
  /** How long a command may wait for a database that is away. */
  readonly awayMs: number;
  /** A batch without an answer for so long is taken for lost. */
  readonly answerMs: number;
};

/** `full`: no room on its disk; `read-only`: a standby, or told so. */
export type DatabaseState = "up" | "away" | "full" | "read-only";
export type LaneState = { readonly queued: number; readonly inFlight: number; readonly database: DatabaseState; readonly queue: QueueSeen };

type Entry = Waiting & {
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
};

/** Batches of this process and its like that may hang in the server before no more are sent. */
const MOST_SILENT = 3;
/** What was seen so long ago, with nobody waiting, is no news of the database any more. */
const TROUBLE_MS = 10_000;
const AWAY_PAUSE_MS = [20, 50, 100, 200, 400];

export type AppendLane = {
  append(encoded: EncodedCommand): Promise<AppendOutcome>;
  state(): LaneState;
  /** Waits for what is queued. */
  close(): Promise<void>;
};

/** LOG-2: one batch in flight, over all shards; what arrives meanwhile is the next one. */
export function createAppendLane(options: LaneOptions): AppendLane {
  const queue = createAppendQueue<Entry>(options);
  let sql = options.open();
  let running: Promise<void> | undefined;
  let inFlight = 0;
  let lostInARow = 0;
  let silentInARow = 0;
  let trouble: { readonly as: Exclude<DatabaseState, "up">; readonly at: number } = { as: "away", at: 0 };
  let full = 0;
  let closed = false;
  /** Until a busy shard may be tried again; a command of another one ends it. */
  const betweenTries = pause();

  return {
    append(encoded) {
      if (closed) return Promise.resolve({ outcome: "unavailable", reason: "overloaded" });
      if (queue.length >= options.queueCommands || queue.waitingOf(encoded) >= options.queueOfOwner) {
        full++;
        return Promise.resolve({ outcome: "unavailable", reason: "overloaded" });
      }
      return new Promise((resolve, reject) => {
        queue.push({ encoded, since: options.now(), resolve, reject });
        if (!queue.isBusy(encoded.shard)) betweenTries.rouse();
        // A turn later, so that commands of the same turn share the first batch.
        running ??= Promise.resolve().then(run);
      });
    },
    state: () => ({ queued: queue.length, inFlight, database: databaseNow(), queue: { queue: "append", length: queue.length, bound: options.queueCommands, full } }),
    async close() {
      closed = true;
      await running;
      await sql.end({ timeout: 5 });
    },
  };

  function databaseNow(): DatabaseState {
    if (lostInARow === 0) return "up";
    // Away until proven to be there; it refuses as long as somebody is refused.
    const isOver = trouble.as !== "away" && queue.length + inFlight === 0 && options.now() - trouble.at > TROUBLE_MS;
    return isOver ? "up" : trouble.as;
  }

  async function run(): Promise<void> {
    let sent = sendNext();
    while (sent !== undefined) {
      const tell = await sent;
      // The next batch is on its way before anybody hears of this one: the database has work while the answers are made.
      sent = sendNext();
      await written(sent);
      tell();
      sent ??= sendNext();
    }
    inFlight = 0;
    running = undefined;
  }

  function sendNext(): Promise<() => void> | undefined {
    if (queue.length === 0) return undefined;
    const restMs = queue.restMs();
    if (restMs > 0) return rest(restMs);
    const batch = queue.takeBatch(options.batchCommands);
    inFlight = batch.length;
    return send(batch);
  }

  /** All that waits is of shards that others hold. */
  async function rest(ms: number): Promise<() => void> {
    inFlight = 0;
    await betweenTries.wait(ms);
    return () => {};
  }

  /** Answers how to tell what came of the batch. */
  async function send(batch: readonly Entry[]): Promise<() => void> {
    let outcomes: CallOutcome[];
    try {
      outcomes = await answered(batch);
    } catch (error) {
      if (isConnectionLost(error) || isTransient(error)) await again(batch, error);
      // LOG-3: something in the data; alone, each command answers for itself.
      else if (batch.length > 1) for (const entry of batch) (await send([entry]))();
      else batch[0]?.reject(error);
      return () => {};
    }
    lostInARow = 0;
    // A shard that is busy may be so since its last commit hangs.
    if (outcomes.some(({ outcome }) => outcome === "appended")) silentInARow = 0;
    const waiting = putBackBusy(batch, outcomes);
    return () => tell(batch, outcomes, waiting);
  }

  async function answered(batch: readonly Entry[]): Promise<CallOutcome[]> {
    try {
      if (silentInARow >= MOST_SILENT) await untilFewHang();
      return await within(options.answerMs, callAppend(sql, batch.map((entry) => entry.encoded), { wait: false }), () => silent("a batch"));
    } catch (error) {
      // A primary may have come up elsewhere at the same address.
      if (isConnectionLost(error) || refusesWrites(error) === "read-only") giveUpConnection();
      throw error;
    }
  }

  /**
   * A commit that hangs (a disk, a synchronous standby that is away) cannot be ended from outside, and its server process stays
   * after we have gone: with a new one for every try there would soon be no connection left for anybody.
   */
  async function untilFewHang(): Promise<void> {
    const [row] = await within(options.answerMs, sql<{ hanging: number }[]>`
      select count(*)::int as hanging from pg_stat_activity
      where application_name = current_setting('application_name') and usename = current_user and state = 'active'
        and pid <> pg_backend_pid() and query_start < clock_timestamp() - ${options.answerMs} * interval '1 millisecond'`, () => silent("a question"));
    if ((row?.hanging ?? 0) >= MOST_SILENT) throw commitsHang();
  }

  /** A connection that stays silent cannot be told to drop its query, so the whole pool of one goes. */
  function giveUpConnection(): void {
    const old = sql;
    sql = options.open();
    old.end({ timeout: 0 }).catch(() => {});
  }

  /** LOG-3: the same ids are sent again; those that were in answer as repeats. */
  async function again(batch: readonly Entry[], error: unknown): Promise<void> {
    silentInARow = codeOf(error) === "ETIMEDOUT" ? silentInARow + 1 : silentInARow;
    trouble = { as: refusesWrites(error) ?? "away", at: options.now() };
    const awayMs = AWAY_PAUSE_MS[Math.min(lostInARow, AWAY_PAUSE_MS.length - 1)] ?? 0;
    lostInARow++;
    queue.putBack(batch);
    for (const entry of queue.takeOlderThan(options.now() - options.awayMs)) {
      entry.resolve({ outcome: "unavailable", reason: `database-${trouble.as}` });
    }
    await delay(awayMs);
  }

  /** Those that may still get their turn. Who waited too long behind one that tried is refused with it. */
  function putBackBusy(batch: readonly Entry[], outcomes: readonly CallOutcome[]): ReadonlySet<Entry> {
    const busy = new Set(batch.flatMap((entry, i) => (outcomes[i]?.outcome === "busy" ? [entry.encoded.shard] : [])));
    const waiting = batch.filter((entry, i) => outcomes[i]?.outcome === "busy" && options.now() - entry.since < options.busyMs);
    queue.putBack(waiting);
    for (const shard of new Set(batch.map(({ encoded }) => encoded.shard))) {
      const late = busy.has(shard) ? queue.takeOlderThan(options.now() - options.busyMs, shard) : [];
      for (const entry of late) entry.resolve({ outcome: "unavailable", reason: "shard-busy" });
      // Who comes when nobody waits any more does not wait for others' tries.
      queue.shardWasBusy(shard, busy.has(shard) && queue.hasWaiting(shard));
    }
    return new Set(waiting);
  }

  function tell(batch: readonly Entry[], outcomes: readonly CallOutcome[], waiting: ReadonlySet<Entry>): void {
    const committed = new Map<number, StoredEvent[]>();
    for (const [i, entry] of batch.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined) throw new Error("log_append left a command without an outcome");
      if (waiting.has(entry)) continue;
      if (outcome.outcome === "busy") {
        entry.resolve({ outcome: "unavailable", reason: "shard-busy" });
        continue;
      }
      if (outcome.outcome === "newer-state") {
        entry.reject(new NewerState(outcome.stream));
        continue;
      }
      if (outcome.outcome === "appended") collect(committed, storedEvents(entry.encoded, outcome));
      if (outcome.outcome === "repeat" && outcome.to !== undefined) options.onRepeat(outcome.shard, outcome.to);
      entry.resolve(outcome);
    }
    for (const [shard, events] of committed) options.onCommitted(shard, events);
  }
}

function collect(committed: Map<number, StoredEvent[]>, events: readonly StoredEvent[]): void {
  const shard = events[0]?.shard;
  if (shard === undefined) return;
  const before = committed.get(shard);
  if (before === undefined) committed.set(shard, [...events]);
  else before.push(...events);
}

/** Nothing was sent, and the connection is good. */
function commitsHang(): Error {
  return Object.assign(new Error("commits hang"), { code: "55P03" });
}

/** A statement is written some turns after it was made, and what is told now would be done before that. */
async function written(sent: Promise<unknown> | undefined): Promise<void> {
  if (sent !== undefined) await new Promise((resolve) => setImmediate(resolve));
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
