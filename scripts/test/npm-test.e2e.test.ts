import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../start/child.ts";

async function npmTest(only: string): Promise<{ code: number | null; lastLine: string | undefined }> {
  // As from a shell that belongs to no run, and points at servers that do not exist.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|COMANDA_TEST)/.test(name)));
  const child = spawn(process.execPath, [join(ROOT, "scripts/test.mjs"), "--only", only], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, DATABASE_URL: "postgres://nobody@127.0.0.1:1/none", REDIS_URL: "redis://127.0.0.1:1" },
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  child.stderr.resume();
  await once(child, "close");
  return { code: child.exitCode, lastLine: text.trim().split("\n").at(-1) };
}

test("START-12, START-13: the last line of npm test is the count, and its servers are its own", async () => {
  expect(await npmTest("scripts/testing/services")).toEqual({ code: 0, lastLine: "4 passed, 0 failed" });
});

test("START-13: npm test that executes nothing has failed", async () => {
  expect(await npmTest("no-such-file-anywhere")).toEqual({ code: 1, lastLine: "0 passed, 1 failed" });
});
