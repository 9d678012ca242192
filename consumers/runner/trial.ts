import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { ParsedEvent, StoredEvent } from "#hub/log/types.ts";
import { holdCheckpoint, moveCheckpoint, type Commits } from "./checkpoint.ts";
import { announcement, recordDeadLetter, resolveDeadLetter } from "./dead-letters.ts";
import { readAnew } from "./erasure-turn.ts";
import { failureKind, isCutOff, isNewer, reasonOf, retryAfterMs } from "./failures.ts";
import { append, runHandler, type RunResult } from "./handler-run.ts";
import type { Lease } from "./leases.ts";
import type { ParkedEntry } from "./parked-line.ts";
import { attemptOf, blockKeys, endAttempts, failAttempt, forgetAttempt, park, startAttempt, unpark } from "./parking.ts";
import type { ReadEvent } from "./readable.ts";
import type { BatchPoint, Clock, RunnerHooks, RunnerLog, Watch } from "./ports.ts";
import type { ConsumerDefinition } from "./types.ts";

export type TrialDeps = {
  readonly sql: Sql;
  readonly log: RunnerLog;
  readonly clock: Clock;
  readonly hooks: RunnerHooks;
  readonly read: ReadEvent;
  readonly consumer: ConsumerDefinition;
  /** Between the tries of an event whose consumer does not say it. */
  readonly retryWaits: readonly number[];
  readonly lease: Lease;
  readonly watch?: Watch;
  readonly signal: AbortSignal;
};

export type Trial = {
  readonly event: ParsedEvent;
  readonly keys: readonly string[];
  /** Where the checkpoint stands when the event is the next one; absent when it was parked before. */
  readonly checkpoint?: bigint;
  /** An attempt that this process began and that ended by nobody's fault: it is made again under its old number. */
  readonly resumed: boolean;
  /** The attempt is written: from now on it is this process's. */
  readonly onBegun: () => void;
};

/** `newer`: of a version that only a later Comanda knows, which is no failure. */
export type Failure = "failed" | "cut-off" | "newer";

export type TrialResult =
  | { readonly result: "applied"; readonly run: RunResult }
  | { readonly result: "parked"; readonly entry: ParkedEntry; readonly appended: readonly StoredEvent[]; readonly reason: string; readonly attempts: number; readonly how: Failure }
  /** Dead, and its keys go on. */
  | { readonly result: "dead"; readonly appended: readonly StoredEvent[]; readonly reason: string; readonly attempts: number; readonly how: Failure };

/** RUN-4: one event in one transaction, its attempt written before. */
export async function tryEvent(deps: TrialDeps, trial: Trial): Promise<TrialResult> {
  const { sql, lease, clock } = deps;
  const { position } = trial.event;
  const prior = await attemptOf(sql, lease, position);
  if (prior?.unfinished === true && !trial.resumed) {
    // The watchdog wrote down why, if it was the one that ended the process.
    return fail(deps, trial, prior.attempts, prior.reason ?? "the process died while it applied this event", prior.reason === null ? "failed" : "cut-off");
  }
  const attempts = (prior?.attempts ?? 0) + (prior?.unfinished === true ? 0 : 1);
  await startAttempt(sql, lease, position, attempts, new Date(clock.now()));
  trial.onBegun();
  try {
    return { result: "applied", run: await run(deps, trial) };
  } catch (error) {
    if (isNewer(error)) return waitForUpdate(deps, trial, attempts, reasonOf(error));
    const kind = failureKind(error);
    if (kind === "event") return fail(deps, trial, attempts, reasonOf(error), isCutOff(error) ? "cut-off" : "failed");
    if (kind === "again") await forgetAttempt(sql, lease, position).catch(() => {});
    throw error;
  }
}

function run(deps: TrialDeps, trial: Trial): Promise<RunResult> {
  const { sql, log, hooks, read, consumer, lease, signal, watch } = deps;
  const { position } = trial.event;
  const point: BatchPoint = { group: lease.group, shard: lease.shard, positions: [position], single: true };
  return runHandler({
    sql,
    log,
    hooks,
    read,
    consumer,
    lease,
    ...(watch === undefined ? {} : { watch }),
    events: [trial.event],
    ...(trial.checkpoint === undefined ? { anew: (tx: TransactionSql) => readAnew(tx, [trial.event]) } : {}),
    point,
    signal,
    async settle(tx, commits) {
      await endAttempts(tx, lease, position);
      if (trial.checkpoint === undefined) {
        await unpark(tx, lease, position);
        await resolveDeadLetter(tx, lease, position);
      }
      await claim(tx, lease, trial, commits);
    },
  });
}

async function claim(tx: TransactionSql, lease: Lease, trial: Trial, commits: Commits): Promise<void> {
  if (trial.checkpoint === undefined) await holdCheckpoint(tx, lease);
  else await moveCheckpoint(tx, lease, trial.checkpoint, trial.event.position, commits);
}

/** So often a process that does not know the event's version looks whether it does by now, which it will not: its successor will. */
const NEWER_AGAIN_MS = 15_000;

/** Parked with its keys and never counted: it is applied by the first process that knows its version. */
async function waitForUpdate(deps: TrialDeps, trial: Trial, attempts: number, reason: string): Promise<TrialResult> {
  const { sql, clock, lease } = deps;
  const { event, keys } = trial;
  await forgetAttempt(sql, lease, event.position);
  const at = new Date(clock.now());
  const dueAt = new Date(at.getTime() + NEWER_AGAIN_MS);
  await sql.begin(async (tx) => {
    await park(tx, lease, [{ event, keys, dueAt }], at);
    await claim(tx, lease, trial, "durably");
  });
  return { result: "parked", entry: { position: event.position, keys, dueAtMs: dueAt.getTime(), dead: false }, appended: [], reason, attempts: attempts - 1, how: "newer" };
}

async function fail(deps: TrialDeps, trial: Trial, attempts: number, reason: string, how: Failure = "failed"): Promise<TrialResult> {
  const { sql, log, clock, consumer, lease } = deps;
  const { event, keys } = trial;
  const { position } = event;
  const at = new Date(clock.now());
  const retryMs = retryAfterMs(attempts, consumer.policy.retryAfterMs ?? deps.retryWaits);
  const blocksKeys = consumer.policy.deadLetterBlocksKey;
  const result = await sql.begin(async (tx): Promise<TrialResult> => {
    const asWritten = trial.checkpoint === undefined && retryMs === undefined ? await readAnew(tx, [event]) : [];
    const { firstFailedAt } = await failAttempt(tx, lease, position, reason, at);
    if (retryMs !== undefined) {
      const dueAt = new Date(at.getTime() + retryMs);
      await park(tx, lease, [{ event, keys, dueAt }], at);
      await claim(tx, lease, trial, "durably");
      const entry = { position, keys, dueAtMs: dueAt.getTime(), dead: false };
      return { result: "parked", entry, appended: [], reason, attempts, how };
    }
    await endAttempts(tx, lease, position);
    const letter = { event: asWritten[0] ?? event, keys, reason, attempts, firstFailedAt, at, blocksKeys };
    const inAll = await recordDeadLetter(tx, lease, letter);
    if (blocksKeys) {
      await park(tx, lease, [{ event, keys, dueAt: null }], at);
      await blockKeys(tx, lease, position);
    } else await unpark(tx, lease, position);
    await claim(tx, lease, trial, "durably");
    const appended = await append(log, tx, [await announcement(tx, lease.group, letter, inAll)]);
    if (!blocksKeys) return { result: "dead", appended, reason, attempts, how };
    return { result: "parked", entry: { position, keys, dueAtMs: null, dead: true }, appended, reason, attempts, how };
  });
  return result as TrialResult;
}
