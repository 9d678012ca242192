import type { TransactionSql } from "#hub/db/client.ts";
import { createBatchKeys } from "./batch-keys.ts";
import { callAppend, storedEvents, type CallOutcome } from "./append-call.ts";
import { encodeCommand, type EncodedCommand } from "./encode.ts";
import { codeOf } from "./failures.ts";
import { NewerState } from "./newer-state.ts";
import type { AppendCommand, StoredEvent } from "./types.ts";

/** The transaction has to be rolled back and done again; nothing is wrong with the commands. */
export class AppendRetry extends Error {
  override readonly name = "AppendRetry";
  readonly reason: "shard-busy" | "conflict";

  constructor(reason: "shard-busy" | "conflict", message: string) {
    super(message);
    this.reason = reason;
  }
}

export type InTransactionOutcome = Exclude<CallOutcome, { outcome: "busy" } | { outcome: "conflict" } | { outcome: "newer-state" }>;

export type InTransaction = {
  /** In the order of the commands. */
  readonly outcomes: readonly InTransactionOutcome[];
  /** What to tell the log after COMMIT (`committed`), in order of position. */
  readonly events: readonly StoredEvent[];
};

const MOST = 128;

/**
 * Appends as the last statements of the caller's transaction (LOG-8), in the order given: commands that share a key go
 * one after the other. Waits up to a second for the first shard's lock and not at all for others, so that two such
 * transactions never wait for each other. A busy lock, a version conflict and a newer state roll everything back.
 */
export async function appendInTransaction(tx: TransactionSql, commands: readonly AppendCommand[]): Promise<InTransaction> {
  const outcomes: InTransactionOutcome[] = [];
  const events: StoredEvent[] = [];
  for (const [i, batch] of inBatches(commands.map(encodeCommand)).entries()) {
    const answers = await called(tx, batch, i === 0);
    for (const [j, encoded] of batch.entries()) {
      const outcome = accepted(encoded, answers[j]);
      outcomes.push(outcome);
      if (outcome.outcome === "appended") events.push(...storedEvents(encoded, outcome));
    }
  }
  return { outcomes, events };
}

async function called(tx: TransactionSql, batch: readonly EncodedCommand[], wait: boolean): Promise<CallOutcome[]> {
  try {
    return await callAppend(tx, batch, { wait });
  } catch (error) {
    if (codeOf(error) === "55P03") throw new AppendRetry("shard-busy", "the shard's lock stayed busy");
    throw error;
  }
}

function accepted(encoded: EncodedCommand, outcome: CallOutcome | undefined): InTransactionOutcome {
  const { commandId } = encoded.command;
  if (outcome === undefined) throw new Error(`log_append left ${commandId} without an outcome`);
  switch (outcome.outcome) {
    case "busy":
      throw new AppendRetry("shard-busy", `shard ${encoded.shard} is busy`);
    case "conflict":
      throw new AppendRetry("conflict", `${commandId} was decided on ${outcome.streams.map((s) => s.stream).join(", ")} before it moved`);
    case "newer-state":
      throw new NewerState(outcome.stream);
    default:
      return outcome;
  }
}

/** Consecutive runs without a common key, since one call takes one command for each key (LOG-2). */
function inBatches(commands: readonly EncodedCommand[]): EncodedCommand[][] {
  const batches: EncodedCommand[][] = [];
  let taken = createBatchKeys();
  let ids = new Set<string>();
  for (const encoded of commands) {
    const last = batches.at(-1);
    if (last !== undefined && last.length < MOST && taken.admits(encoded) && !ids.has(encoded.command.commandId)) {
      last.push(encoded);
    } else {
      batches.push([encoded]);
      taken = createBatchKeys();
      ids = new Set();
    }
    taken.add(encoded);
    ids.add(encoded.command.commandId);
  }
  return batches;
}
