import { failureOf, type CallFailure } from "../../kit/api.ts";
import type { OperationStatus } from "../../kit/words/operation.ts";

type Asked = { readonly data: OperationStatus | undefined; readonly isError: boolean; readonly error: unknown };

/** What to show: while the hub's database is away, the last that was known, as old. */
export function operationSeen({ data, isError, error }: Asked): OperationStatus | "looking" | { readonly failure: CallFailure } {
  if (!isError) return data ?? "looking";
  const failure = failureOf(error);
  return data !== undefined && failure.kind === "unreachable" && failure.databaseAway === true ? { ...data, atMs: null } : { failure };
}
