import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cuttingProxy } from "#hub/log/testing/cutting-proxy.ts";
import { waitFor } from "#scripts/services/server.ts";
import { testDatabase, testRedisUrl, type TestDatabase } from "#scripts/testing/services.ts";
import { CONSUMERS } from "./registry.ts";

let database: TestDatabase;
let child: ChildProcess | undefined;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await database.drop();
});

function start(env: Record<string, string>): { child: ChildProcess; output: Promise<string>; errors: string[] } {
  const { PATH = "" } = process.env;
  const started = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], { env: { PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  child = started;
  const errors: string[] = [];
  started.stderr.on("data", (data: Buffer) => errors.push(data.toString()));
  const lines = createInterface({ input: started.stdout });
  const output = Promise.race([once(lines, "line").then(([line]) => String(line)), once(started, "close").then(() => "exited")]);
  return { child: started, output, errors };
}

test("the consumers' process says that it runs, and ends in good order within 5 s", async () => {
  const { child: started, output } = start({ CONSUMER_DATABASE_URL: database.consumerUrl, REDIS_URL: testRedisUrl(), LOG_LEVEL: "warn" });
  expect(JSON.parse(await output)).toEqual({ ready: true, consumers: CONSUMERS.map(({ group }) => group) });
  const before = Date.now();
  started.kill("SIGTERM");
  const [code] = (await once(started, "exit")) as [number | null];
  expect(code).toBe(0);
  expect(Date.now() - before).toBeLessThan(6_000);
});

test("it runs while Redis cannot be had: events come from Postgres", async () => {
  const { output } = start({ CONSUMER_DATABASE_URL: database.consumerUrl, REDIS_URL: "redis://127.0.0.1:1", LOG_LEVEL: "silent" });
  expect(JSON.parse(await output)).toMatchObject({ ready: true });
});

/** Postgres in its first moments: it answers, and lets nobody in. */
function startingUp(onTry: () => void): Server {
  const fields = Buffer.from("SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0");
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  return createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      onTry();
      socket.end(Buffer.concat([Buffer.from("E"), length, fields]));
    });
  });
}

test("regression: a Postgres that was still starting up ended it, and each start after that came later", async () => {
  let turnedAway = 0;
  const server = startingUp(() => turnedAway++);
  const proxy = await cuttingProxy(database.adminUrl);
  try {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    proxy.pointAt(`postgres://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { child: started, output } = start({ CONSUMER_DATABASE_URL: proxy.through(database.consumerUrl), REDIS_URL: testRedisUrl(), LOG_LEVEL: "silent" });
    await waitFor("a second try", 20_000, () => turnedAway > 1 || started.exitCode !== null);
    proxy.pointAt(database.adminUrl);
    expect(JSON.parse(await output)).toMatchObject({ ready: true });
  } finally {
    await proxy.close();
    server.close();
  }
});

test("a setting that is wrong is one sentence that names it", async () => {
  const { child: started, output, errors } = start({ CONSUMER_DATABASE_URL: database.consumerUrl });
  expect(await output).toBe("exited");
  expect(started.exitCode).toBe(1);
  expect(errors.join("")).toBe("REDIS_URL is not set: it must be Redis that carries the streams and wakes the print workers.\n");
});

test("a database that cannot be had is one sentence, too", async () => {
  const { child: started, output, errors } = start({ CONSUMER_DATABASE_URL: "postgres://nobody@127.0.0.1:1/none", REDIS_URL: testRedisUrl(), STARTUP_WAIT_MS: "200", LOG_LEVEL: "silent" });
  expect(await output).toBe("exited");
  expect(started.exitCode).toBe(1);
  expect(errors.join("")).toMatch(/^The consumers cannot start: .*ECONNREFUSED.*\n$/);
});
