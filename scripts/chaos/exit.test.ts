import { expect, test } from "vitest";
import { EXIT, exitOf, exitOfGuards } from "./exit.ts";
import { outcomeTold } from "./told.ts";

const struck = [{ fault: "hub killed", times: 1, unansweredMs: 0, heldMs: 0, wholeAfterMs: 0, last: "" }];
const played = { struck, unplayed: ["Redis killed"], findings: [] };
const nothing = { struck: [], unplayed: ["disk full"], findings: [] };
const lost = { struck, unplayed: [], findings: ["a slip is lost"] };

test.each([
  ["every form was played", [played, played], false, EXIT.well],
  ["of a form nothing was played", [played, nothing], false, EXIT.refused],
  ["a form was left out", [played], false, EXIT.refused],
  ["each fault was to be played, and one was not", [played, played], true, EXIT.refused],
  ["something was lost, whatever was played", [lost, nothing], false, EXIT.found],
] as const)("when %s", (_, reports, each, exit) => {
  expect(exitOf(reports, { forms: 2, each })).toBe(exit);
});

test("a run that a person ended early is not one that went well", () => {
  expect(exitOf([played], { forms: 1, each: false, stopped: true })).toBe(EXIT.refused);
  expect(exitOf([lost], { forms: 1, each: false, stopped: true })).toBe(EXIT.found);
});

test("of what was not played nobody says that nothing is lost", () => {
  expect(outcomeTold(played)).toEqual(["nothing lost, nothing double, all in order"]);
  expect(outcomeTold(nothing)).toEqual(["no fault was played, so this says nothing of what is lost"]);
  expect(outcomeTold({ ...nothing, findings: ["a slip is lost"] })).toEqual(["1 findings:", "  a slip is lost"]);
});

test("a guard whose harm was missed is one thing, a guard that nobody came to another", () => {
  expect(exitOfGuards([1, 3], 2)).toBe(EXIT.well);
  expect(exitOfGuards([1], 2)).toBe(EXIT.refused);
  expect(exitOfGuards([1, 0], 3)).toBe(EXIT.found);
});
