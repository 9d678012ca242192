import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../services/server.ts";
import { dataDirectory, isLocked, processesOn, removeData, runStart, type StartRun } from "./testing.ts";

const runs: StartRun[] = [];

async function refused(...options: Parameters<typeof runStart>): Promise<StartRun> {
  const run = await runStart(...options);
  runs.push(run);
  expect(await run.exit()).toBe(1);
  expect(processesOn(run.data)).toEqual([]);
  expect(isLocked(run.data)).toBe(false);
  return run;
}

afterEach(() => {
  for (const { data } of runs.splice(0)) removeData(data);
});

/** One sentence, and no stack for the person to read. */
function expectSentence(run: StartRun, sentence: RegExp): void {
  const lines = run.said().trim().split("\n").filter((line) => !/\(\d+\.\d s\)$/.test(line));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(sentence);
}

describe("npm start says in one sentence what to do", () => {
  test("when its port is taken (START-3)", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, resolve));
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expectSentence(await refused({ port }), new RegExp(`^Port ${port} is taken: .*--port N\\.$`));
    holder.close();
  });

  test.each([
    [["--port", "eighty"], /^--port must be a whole number from 1 to 65535, not "eighty"\.$/],
    [["--prot", "80"], /^Unknown option '--prot'.*--help/],
  ])("when a setting is wrong: %j (START-2)", async (args, sentence) => {
    expectSentence(await refused({ args }), sentence);
  });

  test("when the Postgres of DATABASE_URL does not answer", async () => {
    const env = { DATABASE_URL: `postgres://me:hidden@127.0.0.1:${await freePort()}/comanda` };
    const run = await refused({ env });
    expectSentence(run, /^Postgres at 127\.0\.0\.1:\d+ does not answer \(.*ECONNREFUSED.*\): correct DATABASE_URL/);
    expect(run.said()).not.toContain("hidden");
  });

  test("when the Redis of REDIS_URL does not answer", async () => {
    const env = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    expectSentence(await refused({ env }), /^Redis at 127\.0\.0\.1:\d+ does not answer \(.*ECONNREFUSED.*\): correct REDIS_URL/);
  });

  test("when Redis is not there and cannot be installed (START-4)", async () => {
    const data = dataDirectory();
    // As a user who is not root nothing can be installed.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    chmodSync(data, 0o777);
    const run = await refused({ data, env: { PATH: join(data, "nothing") }, ...nobody });
    expectSentence(run, /^Redis is not on this machine: install it/);
  });

  test("when the data folder is a file", async () => {
    const data = dataDirectory();
    writeFileSync(join(data, "file"), "");
    expectSentence(await refused({ data: join(data, "file") }), /^The data folder .* cannot be written \(EEXIST|ENOTDIR\)/);
    removeData(data);
  });
});

test("--help lists the settings and starts nothing", async () => {
  const run = await runStart({ args: ["--help"] });
  expect(await run.exit()).toBe(0);
  expect(run.said()).toContain("--port N, PORT");
  removeData(run.data);
});
