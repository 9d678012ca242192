import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { startPostgres, startRedis } from "#scripts/testing/services.ts";
import { ROOT } from "./child.ts";
import { isRunning, waitFor } from "../services/server.ts";
import { isLocked, processesOn, queryData, removeData, runStart, type StartOptions, type StartRun } from "./testing.ts";

const runs: StartRun[] = [];

async function started(options: StartOptions = {}): Promise<StartRun> {
  const run = await runStart(options);
  runs.push(run);
  await run.until(/Ready in/);
  return run;
}

afterEach(async () => {
  for (const run of runs.splice(0).reverse()) {
    await run.interrupt();
    removeData(run.data);
  }
});

async function healthOf(run: StartRun): Promise<number> {
  try {
    return (await fetch(`http://127.0.0.1:${run.port}/healthz`)).status;
  } catch {
    return 0;
  }
}

function epochOf(run: StartRun): Promise<readonly { epoch: string }[]> {
  return queryData(run.data, "select epoch from log_meta");
}

const NAMES = ["consumers", "hub", "payments", "postgres", "printers", "redis"];

function serving(run: StartRun): string[] {
  return [...run.processes().keys()].filter((name) => NAMES.includes(name)).sort();
}

describe("a life of npm start", () => {
  test("START-7, START-8, START-10, START-11: Ctrl-C leaves nothing behind, the next start is quick and finds everything, --fresh forgets; when only the script in the terminal is killed, everything stops as if asked to", async () => {
    const first = await started();
    expect(await healthOf(first)).toBe(200);
    for (const path of ["/", "/pos/", "/kds/"]) {
      expect((await fetch(`http://127.0.0.1:${first.port}${path}`)).status, path).toBe(200);
    }
    expect(serving(first)).toEqual(NAMES);
    expect((await queryData(first.data, "show fsync"))[0]).toEqual({ fsync: "on" });
    const epoch = await epochOf(first);
    const secret = readFileSync(join(first.data, "secret"), "utf8");
    const [before] = await queryData<{ n: number }>(first.data, "select count(*)::int as n from events");

    const again = await runStart({ data: first.data });
    expect(await again.exit()).toBe(1);
    expect(again.said().trim()).toMatch(/^Comanda already runs on .* \(process \d+, http:\/\/localhost:\d+\/\): stop it first/);
    expect(await healthOf(first)).toBe(200);

    const pids = [...first.processes().values()];
    expect(await first.interrupt()).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(processesOn(first.data)).toEqual([]);
    expect(isLocked(first.data)).toBe(false);

    const second = await started({ port: first.port, data: first.data });
    // What makes it quick (npm run bench -- --only start says how quick): nothing is built, migrated or made again.
    expect(second.said()).toMatch(/built already/);
    expect(second.said()).toMatch(/up to date/);
    expect(second.said()).toMatch(/made at an earlier start/);
    expect(await epochOf(second)).toEqual(epoch);
    const [after] = await queryData<{ n: number }>(second.data, "select count(*)::int as n from events");
    expect(after?.n).toBeGreaterThanOrEqual(before?.n ?? 0);
    await second.interrupt();

    const args = ["--port", String(first.port), "--data", first.data, "--fresh"];
    const third = await started({ port: first.port, data: first.data, args });
    expect(await epochOf(third)).not.toEqual(epoch);
    expect(readFileSync(join(third.data, "secret"), "utf8")).not.toBe(secret);

    const thirds = [third.owner(), ...third.processes().values()];
    third.child.kill("SIGKILL");
    await waitFor("the end of all", 20_000, () => !thirds.some(isRunning));
    expect(processesOn(third.data)).toEqual([]);
    expect(isLocked(third.data)).toBe(false);
  }, 420_000);

  test("START-9, START-11: what falls is started again, and a start that was killed hinders no other", async () => {
    const run = await started();
    for (const name of ["hub", "consumers", "redis", "postgres"]) {
      const pid = run.processes().get(name);
      if (pid === undefined) throw new Error(`${name} does not run`);
      process.kill(pid, "SIGKILL");
      await waitFor(`a new ${name}`, 30_000, () => (run.processes().get(name) ?? pid) !== pid);
    }
    // Each was killed while the one before it was still starting; only what runs can be seen to go.
    for (const name of ["hub", "consumers", "redis", "postgres"]) await run.until(new RegExp(`^${name} runs again$`, "m"), 60_000);
    await waitFor("health", 30_000, async () => (await healthOf(run)) === 200);
    expect(serving(run)).toEqual(NAMES);
    expect(run.said()).toContain("hub ended by itself; it is started again in 1 s");

    const pids = run.processes();
    process.kill(run.owner(), "SIGKILL");
    await run.exit();
    // The servers stay until the next start; hub, consumers and printers go by themselves.
    for (const [name, pid] of pids) if (name !== "postgres" && name !== "redis") await waitFor(`the end of ${name}`, 30_000, () => !isRunning(pid));
    const next = await started({ port: run.port, data: run.data });
    expect(await healthOf(next)).toBe(200);
    expect(next.said()).toMatch(/An earlier start was killed; what it left running is stopped: .*postgres/);
    expect([...pids.values()].filter(isRunning)).toEqual([]);
  });

  test("SIGTERM to npm alone left all that npm start had started running", async () => {
    const folder = mkdtempSync(join(tmpdir(), "comanda-npm-"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "by-npm", scripts: { start: "node start.mjs" } }));
    writeFileSync(join(folder, "long.mjs"), 'console.log(`runs as ${process.pid}`);\nsetInterval(() => undefined, 1000);\n');
    writeFileSync(join(folder, "start.mjs"), `import { continueIn } from ${JSON.stringify(pathToFileURL(join(ROOT, "scripts/install.mjs")).href)};\nconsole.log(\`script is \${process.pid}\`);\ncontinueIn(${JSON.stringify(relative(ROOT, join(folder, "long.mjs")))}, []);\n`);
    const npm = spawn("npm", ["start"], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    let said = "";
    npm.stdout.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    const pidOf = (what: string) => Number(new RegExp(`${what} (\\d+)`).exec(said)?.[1] ?? 0);
    await waitFor("both processes", 20_000, () => pidOf("script is") > 0 && pidOf("runs as") > 0);
    const pids = [pidOf("script is"), pidOf("runs as")];
    expect(pids.every(isRunning)).toBe(true);
    npm.kill("SIGTERM");
    await waitFor("the end of both", 10_000, () => !pids.some(isRunning));
    rmSync(folder, { recursive: true });
  });

  test("START-4, START-5: DATABASE_URL and REDIS_URL are used, and are still there afterwards", async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const run = await started({ env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } });
    expect(serving(run)).toEqual(["consumers", "hub", "payments", "printers"]);
    expect(await run.interrupt()).toBe(0);
    expect([postgres.pid, redis.pid].every(isRunning)).toBe(true);
    await Promise.all([postgres.stop(), redis.stop()]);
  });
});
