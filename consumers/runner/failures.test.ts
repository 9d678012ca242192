import { expect, test } from "vitest";
import { AppendRetry } from "#hub/log/append-in-transaction.ts";
import { againAfterMs, failureKind, reasonOf, retryAfterMs, retryWaits, runnerError } from "./failures.ts";

const coded = (code: string) => Object.assign(new Error(code), { code });

test("RUN-4: what is nobody's fault is tried again and not counted, also inside of another error", () => {
  for (const code of ["CONNECTION_CLOSED", "ECONNREFUSED", "08006", "40001", "40P01", "55P03", "57P01", "53300", "58030"]) {
    expect(failureKind(coded(code)), code).toBe("again");
    expect(failureKind(new Error("no ticket", { cause: coded(code) })), code).toBe("again");
  }
  expect(failureKind(new AppendRetry("conflict", "moved"))).toBe("again");
  expect(failureKind(runnerError("aborted", "stopped"))).toBe("again");
  expect(failureKind(runnerError("fenced", "taken"))).toBe("fenced");
});

test("RUN-4: everything else counts", () => {
  for (const code of ["23505", "23514", "22P02", "57014", "P0001", "ENOENT"]) expect(failureKind(coded(code)), code).toBe("event");
  expect(failureKind(new TypeError("undefined"))).toBe("event");
  expect(failureKind("a string")).toBe("event");
  expect(failureKind(runnerError("time-limit", "10 s"))).toBe("event");
  expect(failureKind(runnerError("append-refused", "shortage"))).toBe("event");
});

test("RUN-4: one try and five retries after 1, 2, 4, 8 and 16 s", () => {
  expect([1, 2, 3, 4, 5, 6].map((attempts) => retryAfterMs(attempts, retryWaits()))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, undefined]);
});

test("back-off grows to 2 s and is spread", () => {
  expect(againAfterMs(0, 0)).toBe(12.5);
  expect(againAfterMs(0, 1)).toBe(25);
  expect(againAfterMs(50, 1)).toBe(2_000);
});

test("a reason can be stored whatever was thrown", () => {
  expect(reasonOf(new RangeError("a\u0000b\ud800"))).toBe("RangeError: a\ufffdb\ufffd");
  expect(reasonOf(new Error("x".repeat(2_000)))).toHaveLength(500);
  expect(reasonOf(undefined)).toBe("undefined");
});
