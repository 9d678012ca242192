import { existsSync, mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explain } from "../start/report.ts";
import { chosenForms, leftOut, readOptions, replay } from "./options.ts";

const read = (...argv: string[]) => readOptions(argv, () => 77);

test("what is not said has a value, also the seed of a run of guards", () => {
  expect(read()).toMatchObject({ minutes: 6, seed: 77, guards: false, each: false });
  expect(read("--each").minutes).toBe(40);
  expect(replay(read("--guards"))).toBe("npm run chaos -- --guards --seed 77");
  expect(read("--seed", "0").seed).toBe(0);
});

test.each([
  [["--minutes", "-1"], '--minutes takes a number above 0, not "-1"'],
  [["--minutes", "Infinity"], '--minutes takes a number above 0, not "Infinity"'],
  [["--minutes", ""], '--minutes takes a number above 0, not ""'],
  [["--seed", "-3"], '--seed takes a whole number from 0 on, not "-3"'],
  [["--seed", "1.5"], '--seed takes a whole number from 0 on, not "1.5"'],
  [["--guards", "--each"], "--guards goes without --each: it makes what each guard is against, once"],
  [["--json", "/nonexistent/x.json"], "--json: /nonexistent/x.json cannot be written (ENOENT)"],
] as const)("%j is refused in one sentence before anything runs", (argv, sentence) => {
  let refused: unknown;
  try {
    read(...argv);
  } catch (error) {
    refused = error;
  }
  expect(explain(refused)).toBe(sentence);
});

test("an option that is none is refused without a stack", () => {
  expect.assertions(1);
  try {
    read("--nonsense");
  } catch (error) {
    expect(explain(error)).not.toContain("\n    at ");
  }
});

test("a file for JSON is tried and left as it was", () => {
  const dir = mkdtempSync(join(tmpdir(), "options-"));
  const [there, absent] = [join(dir, "there.json"), join(dir, "absent.json")];
  writeFileSync(there, "kept");
  read("--json", there);
  read("--json", absent);
  expect([readFileSync(there, "utf8"), existsSync(absent)]).toEqual(["kept", false]);
  rmSync(dir, { recursive: true });
});

const FORMS = [
  { name: "processes", faults: [{ name: "hub killed" }, { name: "Redis away", minutes: 3 }] },
  { name: "full disk", asked: true, faults: [{ name: "disk full" }] },
];
const named = (...argv: string[]) => chosenForms(FORMS, read(...argv)).map(({ name, faults }) => [name, ...faults.map((fault) => fault.name)]);

test("forms and faults are chosen by name and by time", () => {
  expect(named("--minutes", "2")).toEqual([["processes", "hub killed"]]);
  expect(named("--each")).toEqual([["processes", "hub killed", "Redis away"], ["full disk", "disk full"]]);
  expect(named("--only", "full disk")).toEqual([["full disk", "disk full"]]);
  expect(named("--fault", "disk")).toEqual([["full disk", "disk full"]]);
  expect(() => named("--only", "nothing")).toThrow("--only takes one of processes, full disk");
  // Two forms share the minutes.
  expect(chosenForms([...FORMS, { name: "cluster", faults: [{ name: "hub killed" }] }], read("--minutes", "5")).map(({ faults }) => faults.length)).toEqual([1, 1]);
  expect(() => named("--minutes", "2", "--fault", "away")).toThrow('"Redis away" needs --minutes 3');
  expect(() => named("--fault", "nothing")).toThrow('no fault has "nothing" in its name');
});

test("what needs more minutes than there are is named", () => {
  const left = (...args: string[]) => leftOut(FORMS, read(...args)).map(({ name }) => name);
  // The others have to be played as well.
  expect(left("--each", "--minutes", "5")).toEqual(["Redis away"]);
  expect(left("--each")).toEqual([]);
  expect(left("--minutes", "2", "--fault", "Redis")).toEqual(["Redis away"]);
  expect(left("--minutes", "2")).toEqual(["Redis away"]);
  expect(left("--minutes", "3")).toEqual([]);
});

test("a run is played again by all that chose it but the file", () => {
  expect(replay(read("--each", "--seed", "5", "--only", "full disk", "--json", join(tmpdir(), "x.json")))).toBe('npm run chaos -- --each --minutes 40 --seed 5 --only "full disk"');
  expect(replay(read("--minutes", "2", "--fault", "Postgres"))).toBe('npm run chaos -- --minutes 2 --seed 77 --fault "Postgres"');
});
