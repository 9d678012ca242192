import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import type { AppendCommand, ParsedEvent, StoredEvent } from "#hub/log/types.ts";
import type { Commits } from "./checkpoint.ts";
import { runnerError } from "./failures.ts";
import { guardedSql } from "./guarded-sql.ts";
import { readable, type ReadEvent } from "./readable.ts";
import type { Lease } from "./leases.ts";
import type { BatchPoint, RunnerHooks, RunnerLog, Running, Watch } from "./ports.ts";
import type { ConsumerDefinition } from "./types.ts";

export const TIME_LIMIT_MS = 10_000;

export type RunRequest = {
  readonly sql: Sql;
  readonly log: RunnerLog;
  readonly hooks: RunnerHooks;
  readonly read: ReadEvent;
  readonly consumer: ConsumerDefinition;
  readonly lease: Lease;
  readonly watch?: Watch;
  readonly events: readonly ParsedEvent[];
  /** Reads them once more within the transaction: for who comes to them later than the checkpoint says. */
  readonly anew?: (tx: TransactionSql) => Promise<readonly ParsedEvent[]>;
  readonly point: BatchPoint;
  /** Ends the run from outside: lease lost, process stopping. */
  readonly signal: AbortSignal;
  /** After the handler's effects: bookkeeping, and the checkpoint last (RUN-2). */
  readonly settle: (tx: TransactionSql, commits: Commits) => Promise<void>;
};

export type RunResult = {
  /** Appended by the handler, to be published. */
  readonly appended: readonly StoredEvent[];
  readonly wakes: readonly (readonly [queue: string, jobId: string, traceparent: string | undefined])[];
};

/** One transaction: effects, then the checkpoint, then the handler's appends as the last statements before COMMIT (LOG-8). */
export async function runHandler(request: RunRequest): Promise<RunResult> {
  const { consumer, point, hooks } = request;
  const commands: AppendCommand[] = [];
  const wakes: (readonly [string, string, string | undefined])[] = [];
  let open = true;
  const apply = async (tx: TransactionSql, found: readonly ParsedEvent[]) => {
    const leave = request.watch?.enter(underWay(request));
    try {
      const events = consumer.policy.takesEverything === true ? found : readable(found, request.read);
      await bounded(consumer, request.signal, (signal) =>
        consumer.handle(events, {
          sql: guardedSql(tx, () => open),
          append: (more) => void commands.push(...more),
          wake: (queue, jobId, traceparent) => void wakes.push([queue, jobId, traceparent]),
          commandIdFor: (event, part) => derivedUlid(event.envelope.id, `${consumer.group}\n${part}`),
          signal,
        }),
      );
    } finally {
      open = false;
      leave?.();
    }
    await hooks.afterEffects?.(point);
  };
  const appended = await request.sql.begin(async (tx) => {
    if (request.events.length > 0) await apply(tx, (await request.anew?.(tx)) ?? request.events);
    // Deferred constraints are checked here, where they still concern one event (RUN-4), and not at COMMIT.
    if (point.single) await tx`set constraints all immediate`;
    // What is appended is told to others when it is committed; all else of a handler is made again from the log. Both are on their way
    // together: a checkpoint that does not move rolls the appends back, too.
    const [, written] = await Promise.all([request.settle(tx, commands.length > 0 ? "durably" : "again"), append(request.log, tx, commands)]);
    await hooks.beforeCommit?.(point);
    return written;
  });
  return { appended, wakes };
}

function underWay({ lease: { group, shard, fence }, point: { positions, single } }: RunRequest): Running {
  return { group, shard, fence, from: positions[0] ?? 0n, to: positions.at(-1) ?? 0n, single };
}

export async function append(log: RunnerLog, tx: TransactionSql, commands: readonly AppendCommand[]): Promise<readonly StoredEvent[]> {
  if (commands.length === 0) return [];
  const { outcomes, events } = await log.appendInTransaction(tx, commands);
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.outcome !== "appended" && outcome.outcome !== "repeat") {
      throw runnerError("append-refused", `the log refused ${commands[i]?.commandId}: ${JSON.stringify(outcome)}`);
    }
  }
  return events;
}

/** A handler that never returns is given up: its transaction rolls back and the attempt counts. */
async function bounded(consumer: ConsumerDefinition, outer: AbortSignal, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const limitMs = consumer.policy.timeLimitMs ?? TIME_LIMIT_MS;
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (error: Error) => {
        own.abort(error);
        reject(error);
      };
      timer = setTimeout(() => giveUp(runnerError("time-limit", `${consumer.group} took longer than ${limitMs} ms`)), limitMs);
      onAbort = () => giveUp(runnerError("aborted", `${consumer.group} was stopped`));
      if (outer.aborted) onAbort();
      else outer.addEventListener("abort", onAbort, { once: true });
      run(own.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) outer.removeEventListener("abort", onAbort);
  }
}
