import { expect, test } from "vitest";
import { addCounts, countLine, countPlaywright, countVitest, type VitestReport } from "./counts.ts";

const green: VitestReport = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

test("the line names what was skipped only when something was", () => {
  expect(countLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(countLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
});

test("a green run is its own count", () => {
  expect(countVitest(green, 0)).toEqual({ passed: 3, failed: 0, skipped: 0 });
});

test("a file that could not be loaded is a failure", () => {
  const report = { ...green, testResults: [{ status: "failed", assertionResults: [] }] };
  expect(countVitest(report, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

test("a runner that crashed, ran nothing or failed outside a test is a failure", () => {
  expect(countVitest(undefined, 0).failed).toBe(1);
  expect(countVitest({ ...green, numPassedTests: 0 }, 0).failed).toBe(1);
  expect(countVitest(green, 1).failed).toBe(1);
  expect(countPlaywright(undefined, 1).failed).toBe(1);
  expect(countPlaywright({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 4 } }, 0).failed).toBe(1);
});

test("a test that passes only when tried again has failed", () => {
  expect(countPlaywright({ stats: { expected: 2, unexpected: 1, flaky: 1, skipped: 0 } }, 1)).toEqual({ passed: 2, failed: 2, skipped: 0 });
});

test("counts of all runners are added", () => {
  expect(addCounts([countVitest(green, 0), { passed: 1, failed: 2, skipped: 3 }])).toEqual({ passed: 4, failed: 2, skipped: 3 });
});
