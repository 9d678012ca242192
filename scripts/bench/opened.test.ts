import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { isRunning, waitFor } from "../services/server.ts";

/** A bench that has started one process, which would outlive it, tells both, and hears the signal once more while it leaves: in a terminal it comes from there and from the launcher. */
const BENCH = `
  import { spawn } from "node:child_process";
  import { inAFolder, leaveOnSignals } from ${JSON.stringify(new URL("./opened.ts", import.meta.url).href)};
  leaveOnSignals();
  await inAFolder(async (opened) => {
    const { pid } = spawn("sleep", ["60"], { detached: true, stdio: "ignore", cwd: opened.dir });
    opened.running = function* () {
      process.kill(process.pid, process.argv[1]);
      yield pid;
    };
    console.log(JSON.stringify({ dir: opened.dir, pid }));
    await new Promise(() => setInterval(() => {}, 1000));
  });`;

test.each([["SIGHUP", 129], ["SIGINT", 130], ["SIGTERM", 143]] as const)("a bench that is ended by %s leaves no process and no folder, and ends with %i", async (signal, code) => {
  const bench = spawn(process.execPath, ["--input-type=module", "-e", BENCH, signal], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(bench.stdout, "data")) as [Buffer];
  const { dir, pid } = JSON.parse(String(line)) as { dir: string; pid: number };
  expect([existsSync(dir), isRunning(pid)]).toEqual([true, true]);
  bench.kill(signal);
  expect(await once(bench, "exit")).toEqual([code, null]);
  await waitFor("the end of what it started", 5_000, () => !isRunning(pid));
  expect(existsSync(dir)).toBe(false);
});
