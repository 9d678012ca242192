import { expect, test } from "vitest";
import { endProcess, isRunning } from "./server.ts";

test("the number of a group, or of everybody, is no process: it never runs, and nobody is ended by it", async () => {
  expect([isRunning(process.pid), isRunning(0), isRunning(-1), isRunning(-process.pid), isRunning(Number.NaN)]).toEqual([true, false, false, false, false]);
  await endProcess(0, "SIGTERM");
});
