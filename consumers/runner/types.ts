import type { TransactionSql } from "#hub/db/client.ts";
import type { AppendCommand, ParsedEvent } from "#hub/log/types.ts";

/** What one consumer is; the runner (RUN-1 to RUN-5) does the rest. */
export type ConsumerDefinition = {
  /** Names the Redis consumer group, the checkpoints and the metrics: `kitchen`, `ledger`, `stock`, `printing`. */
  readonly group: string;
  /** Event types that reach `handle`; all others only move the checkpoint. */
  readonly types: readonly string[];
  /** Every key that must stay in order with this event; a parked event holds back later ones that share one (RUN-4). */
  keys(event: ParsedEvent): readonly string[];
  readonly policy: {
    /** After a dead letter: true keeps the key blocked until a person decides (ledger), false lets later events go on (kitchen). */
    readonly deadLetterBlocksKey: boolean;
    /** Gets every event of the log as it was written, of whatever type and version; `types` is empty then. */
    readonly takesEverything?: boolean;
    /** A second delivery changes nothing, so events may be given again (RUN-5). Process managers append and are never replayed. */
    readonly replayable: boolean;
    /**
     * All that it writes are the tables that `projection_tables` names for the group, by their bare names, and each event's effect does not
     * depend on other merchants' events: they can be built anew beside the ones in use (RUN-5).
     */
    readonly rebuildable?: boolean;
    /** Such tables, which never take the place of those in use and are only held to them (RUN-5). What is rebuildable can be compared, too. */
    readonly comparable?: boolean;
    /** Types for which it writes elsewhere or appends: whoever builds its tables anew passes over them. */
    readonly notRebuilt?: readonly string[];
    /** A consumer added to a log with a history begins with its first event, unless it says that what was before it is no concern of its own. */
    readonly startsAt?: "beginning" | "head";
    /** Nobody waits for its effects: it begins so many milliseconds after the first event of a batch, so that batches are large (RUN-3e). 0 unless told. */
    readonly lingerMs?: number;
    /** Events per transaction, 1 to 500. */
    readonly batchSize: number;
    /** Waits between the attempts of a failing event; after the last it is a dead letter. 1, 2, 4, 8, 16 s unless told. */
    readonly retryAfterMs?: readonly number[];
    /** A call of `handle` that takes longer is rolled back and counts as a failure; 10,000 unless told. */
    readonly timeLimitMs?: number;
  };
  /**
   * Applies the events, in position order, in the runner's transaction. Throwing rolls everything back.
   * Events of one call are of one shard and may concern several merchants.
   */
  handle(events: readonly ParsedEvent[], context: HandlerContext): Promise<void>;
};

export type HandlerContext = {
  readonly sql: TransactionSql;
  /**
   * Hands commands to the log: the runner appends them after the checkpoint moved, as the last statements before COMMIT (LOG-8).
   * Commands that share a stream are appended one after the other in the order given. A version conflict rolls back and retries the batch.
   */
  append(commands: readonly AppendCommand[]): void;
  /** Wakes a BullMQ queue after COMMIT, with the trace of what it is woken for; a hint only, the row in Postgres decides (RUN-3). */
  wake(queue: string, jobId: string, traceparent?: string): void;
  /** A command id that is the same for every delivery of this event (LOG-4); `part` tells several commands of one event apart. */
  commandIdFor(event: ParsedEvent, part: string): string;
  /** Aborted when the time limit has passed, the lease is lost or the process stops: the transaction is rolled back then. */
  readonly signal: AbortSignal;
};

export function isComparable({ policy }: ConsumerDefinition): boolean {
  return policy.rebuildable === true || policy.comparable === true;
}
