import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { helpText, readSettings } from "./settings.ts";

function settingsOf(args: string[], environment: Record<string, string> = {}) {
  const read = readSettings(args, environment);
  if (!("settings" in read)) throw new Error(JSON.stringify(read));
  return read.settings;
}

test("everything has a default", () => {
  expect(settingsOf([])).toEqual({ port: 8080, data: resolve(".data"), fresh: false, databaseUrl: undefined, redisUrl: undefined });
});

test("a flag goes before its variable, and an empty variable is not set", () => {
  expect(settingsOf(["--port", "9000"], { PORT: "9001" }).port).toBe(9000);
  expect(settingsOf([], { PORT: "9001" }).port).toBe(9001);
  expect(settingsOf([], { PORT: "", DATABASE_URL: "" })).toMatchObject({ port: 8080, databaseUrl: undefined });
});

describe("a wrong setting is refused by its name", () => {
  test.each([
    [["--port", "abc"], {}, /^--port must be a whole number from 1 to 65535, not "abc"\.$/],
    [["--port", "70000"], {}, /^--port must/],
    [["--port=-1"], {}, /^--port must/],
    [[], { PORT: "80.5" }, /^PORT must/],
    [["--data", ""], {}, /^--data must/],
    [[], { DATABASE_URL: "mysql://secret@host/x" }, /^DATABASE_URL must be an address like postgres/],
    [[], { REDIS_URL: "localhost:6379" }, /^REDIS_URL must be an address like redis/],
    [["--prot", "1"], {}, /'--prot'.*--help/],
    [["here"], {}, /'here'.*--help/],
    [["--fresh"], { DATABASE_URL: "postgres://h/x" }, /^--fresh forgets only/],
  ] as [string[], Record<string, string>, RegExp][])("%j %j", (args, environment, sentence) => {
    const read = readSettings(args, environment);
    expect("refused" in read && read.refused).toMatch(sentence);
    expect(JSON.stringify(read)).not.toContain("secret");
  });
});

test("help names every flag and variable with what it does", () => {
  for (const name of ["--port N, PORT", "--data DIR, COMANDA_DATA", "--fresh", "DATABASE_URL", "REDIS_URL"]) {
    expect(helpText()).toContain(name);
  }
  expect(readSettings(["--help"], {})).toHaveProperty("help");
});
