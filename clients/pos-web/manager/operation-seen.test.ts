import { expect, test } from "vitest";
import { CallFailed } from "../../kit/api.ts";
import type { OperationStatus } from "../../kit/words/operation.ts";
import { operationSeen } from "./operation-seen.ts";

const data = { atMs: 5, processes: 1 } as OperationStatus;
const failed = (failure: CallFailed["failure"]) => new CallFailed(failure, undefined);

test("regression: while Postgres is away the last figures stay, as old ones, and nobody reads that the hub is gone", () => {
  expect(operationSeen({ data, isError: false, error: null })).toBe(data);
  expect(operationSeen({ data: undefined, isError: false, error: null })).toBe("looking");
  expect(operationSeen({ data, isError: true, error: failed({ kind: "unreachable", databaseAway: true }) })).toEqual({ ...data, atMs: null });
  expect(operationSeen({ data, isError: true, error: failed({ kind: "unreachable" }) })).toEqual({ failure: { kind: "unreachable" } });
  expect(operationSeen({ data: undefined, isError: true, error: failed({ kind: "unreachable", databaseAway: true }) })).toEqual({ failure: { kind: "unreachable", databaseAway: true } });
});
