import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { helpOn, readOptions } from "./options.ts";

const FILE = join(tmpdir(), "comanda-bench-options.json");
const NAMES = ["start", "commands", "screens", "kitchen", "fan-out", "isolation", "soak", "merchants"];
const read = (...args: string[]) => readOptions(args, NAMES);
const refused = (...args: string[]) => {
  try {
    return read(...args);
  } catch (error) {
    return (error as Error).message;
  }
};

test("without options everything is measured, five rounds of it", () => {
  expect(read()).toEqual({ only: NAMES, rounds: 5, seconds: 6, minutes: 20, events: [10_000, 1_000_000, 5_000_000], json: undefined, help: false, profile: false });
});

test("what is asked for is taken", () => {
  expect(read("--only", "screens,commands", "--rounds", "3", "--seconds", "2.5", "--events", "10,20", "--json", FILE)).toMatchObject({ only: ["commands", "screens"], rounds: 3, seconds: 2.5, events: [10, 20], json: FILE });
  expect(read("--help").help).toBe(true);
});

test("the help says that losses end it with 1, and missed speeds do not", () => {
  expect(helpOn(NAMES).split("\n").at(-1)).toMatch(/^Ends with 1 when .* lost or double.*; not when a speed misses its aim\./);
});

test("a profile is of one round, of what can have one", () => {
  expect(read("--profile")).toMatchObject({ only: ["commands", "screens", "kitchen", "fan-out", "isolation", "merchants"], rounds: 1, profile: true });
  expect(read("--profile", "--only", "screens", "--rounds", "2")).toMatchObject({ only: ["screens"], rounds: 2 });
  expect(refused("--profile", "--only", "soak")).toBe("--profile takes --only with one or more of commands, screens, kitchen, fan-out, isolation, merchants.");
});

test("what makes no sense is refused in one sentence", () => {
  expect(refused("--rounds", "0")).toBe("--rounds takes a whole number above 0, not 0.");
  expect(refused("--rounds", "2.5")).toBe("--rounds takes a whole number above 0, not 2.5.");
  expect(refused("--rounds", "many")).toBe("--rounds takes a whole number above 0, not many.");
  expect(refused("--rounds", "-3")).toBe("--rounds takes a whole number above 0, not -3.");
  for (const args of [["--seconds=-1"], ["--seconds", "-1"]]) expect(refused(...args)).toBe("--seconds takes a number above 0, not -1.");
  expect(refused("--minutes", "Infinity")).toBe("--minutes takes a number above 0, not Infinity.");
  expect(refused("--events", "10,x")).toBe("--events takes whole numbers above 0 with commas between them, not 10,x.");
  expect(refused("--only", "commandos")).toBe("--only takes one or more of start, commands, screens, kitchen, fan-out, isolation, soak, merchants, with commas between them, not commandos.");
  expect(refused("--only", "")).toMatch(/^--only takes one or more of .*, not \.$/);
  expect(refused("--round", "5")).toBe("Unknown option '--round'.");
  expect(refused("commands")).toBe("Unexpected argument 'commands'.");
  expect(refused("--json", "/nowhere/x.json")).toBe("--json: /nowhere/x.json cannot be written (ENOENT)");
  expect(refused("--json")).toBe("Option '--json <value>' argument missing.");
});
