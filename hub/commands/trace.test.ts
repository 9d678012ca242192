import { expect, test } from "vitest";
import { traceIdOf, traceparentFrom } from "./trace.ts";

const COMMAND = "01JD0000000000000000000001";

test("the trace is the tap's: what the caller says, or the command's id", () => {
  const given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  expect(traceparentFrom(given, COMMAND)).toBe(given);
  expect(traceparentFrom(undefined, COMMAND)).toBe("00-01934000000000000000000000000001-0000000000000001-01");
  expect(traceparentFrom(undefined, "01JD0000000000000000000000")).toBe("00-01934000000000000000000000000000-0000000000000001-01");
  for (const wrong of ["", "00-0-0-01", given.toUpperCase(), `${given}-more`, given.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32))]) {
    expect(traceparentFrom(wrong, COMMAND)).toBe(traceparentFrom(undefined, COMMAND));
  }
});

test("a ULID's bits: the greatest fills all of them", () => {
  expect(traceIdOf("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")).toBe("f".repeat(32));
});
