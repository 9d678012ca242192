import { AppendRetry } from "#hub/log/append-in-transaction.ts";
import { NewerState } from "#hub/log/newer-state.ts";
import { storable } from "#shared/storable.ts";

/** A failure of the runner's own, told apart by its code and not by its class. */
export type RunnerErrorCode = "fenced" | "append-refused" | "time-limit" | "aborted" | "unreadable" | "newer-version";

export type RunnerError = Error & { readonly runner: RunnerErrorCode };

export function runnerError(runner: RunnerErrorCode, message: string): RunnerError {
  return Object.assign(new Error(message), { runner });
}

/**
 * RUN-4. `fenced`: the lease is somebody else's. `again`: nobody's fault, retried and never counted.
 * `event`: the event or its handler failed, which counts.
 */
export type FailureKind = "fenced" | "again" | "event";

const CONNECTION_CODES = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Serialisation, deadlock, lock not available, read-only after a failover, idle session, shutdown, crash, start. */
const PASSING_STATES = new Set(["40001", "40P01", "55P03", "25006", "57P01", "57P02", "57P03", "57P05"]);
/** Connection exceptions, resources (disk, connections, memory), system errors: none of them is the event's fault. */
const PASSING_CLASSES = ["08", "53", "58"];

export function failureKind(error: unknown): FailureKind {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ("runner" in cause) {
      if (cause.runner === "fenced") return "fenced";
      return cause.runner === "aborted" ? "again" : "event";
    }
    if (cause instanceof AppendRetry) return "again";
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (CONNECTION_CODES.has(code) || PASSING_STATES.has(code)) return "again";
    if (code.length === 5 && PASSING_CLASSES.includes(code.slice(0, 2))) return "again";
  }
  return "event";
}

/** Written by a newer version of Comanda: nothing is wrong with it, and an updated process will take it. */
export function isNewer(error: unknown): boolean {
  return error instanceof NewerState || (error instanceof Error && "runner" in error && error.runner === "newer-version");
}

/** The handler did not return in time. */
export function isCutOff(error: unknown): boolean {
  return error instanceof Error && "runner" in error && error.runner === "time-limit";
}

/** What a person reads beside a dead letter; bounded by the event's schema. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return storable(text.slice(0, 500));
}

/** Half to all of 25, 50, 100 … 2,000 ms: processes that failed together do not come back together. */
export function againAfterMs(failures: number, random: number): number {
  const ceiling = Math.min(2_000, 25 * 2 ** Math.min(failures, 10));
  return ceiling * (0.5 + random / 2);
}

const RETRIES = 5;

/** RUN-4: the waits before the retries of an event: each is twice the one before. */
export function retryWaits(firstMs = 1_000): readonly number[] {
  return Array.from({ length: RETRIES }, (_, retry) => firstMs * 2 ** retry);
}

/** Undefined after the last: the event is a dead letter. */
export function retryAfterMs(attempts: number, waits: readonly number[]): number | undefined {
  return waits[attempts - 1];
}
