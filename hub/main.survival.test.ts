import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { AppRouter } from "#hub/api/router.ts";
import { operatorBearer } from "#hub/auth/operator-token.ts";
import { connect } from "#hub/db/client.ts";
import { failure, frame, newId, result, SECRET } from "#hub/testing/hub-fixture.ts";
import { quickStart } from "#scripts/testing/quick-start.ts";
import { startPostgres, startRedis } from "#scripts/testing/services.ts";

type Service = Awaited<ReturnType<typeof startPostgres>>;
type Running = { readonly child: ChildProcess; readonly url: string };

let database: Service;
let redis: Service;
const children: ChildProcess[] = [];
beforeAll(async () => {
  [database, redis] = await Promise.all([startPostgres({ migrated: true, durable: true }), startRedis({ durable: true })]);
  return async () => {
    await Promise.all([database.stop(), redis.stop()]);
  };
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function roleUrl(user: string): string {
  const url = new URL(database.url);
  url.username = user;
  url.password = "";
  return url.toString();
}

function run(settings: Readonly<Record<string, string>> = {}): ChildProcess {
  const env = {
    PATH: process.env["PATH"] ?? "",
    ...quickStart(),
    HUB_DATABASE_URL: roleUrl("comanda_hub"),
    CONSUMER_DATABASE_URL: roleUrl("comanda_consumer"),
    REDIS_URL: redis.url,
    COMANDA_SECRET: SECRET,
    PORT: "0",
    HOST: "127.0.0.1",
    LOG_LEVEL: "fatal",
    ...settings,
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

async function ready(settings?: Readonly<Record<string, string>>): Promise<Running> {
  const child = run(settings);
  let said = "";
  let complained = "";
  child.stderr?.on("data", (bytes) => (complained += String(bytes)));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", (bytes) => {
      said += String(bytes);
      if (said.includes("\n")) resolve(said);
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${complained}`)));
  });
  const { ready: isReady, port } = JSON.parse(line) as { ready: boolean; port: number };
  expect(isReady).toBe(true);
  return { child, url: `http://127.0.0.1:${port}` };
}

async function ended(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = "";
  child.stderr?.on("data", (bytes) => (stderr += String(bytes)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}

const health = async (url: string) => {
  const response = await fetch(`${url}/healthz`);
  return { code: response.status, ...((await response.json()) as { status: string; postgres: string; redis: string; publishing: { behind: string } }) };
};

/** An operator who makes categories: the smallest command there is. */
async function onboard({ url }: Running) {
  const [organizer, merchant] = [newId("organizer"), newId("merchant")];
  const authorization = `Bearer ${operatorBearer(SECRET, { organizer, merchant })}`;
  const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers: { authorization } })] });
  const profile = { name: "x", currency: "EUR", displayDigits: 2, zone: "UTC", cutOver: "04:00", locale: "en", address: [] };
  const policies = { taxes: [{ code: "a", name: "a", rate: "0", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up" as const, level: "check" as const }, cashStep: 1 };
  result(await api.commerce.createMerchant.mutate(frame({ merchant, profile, policies })));
  return { category: (command = frame({ category: newId("category"), name: "All", color: "#112233", sort: 0 })) => api.catalog.createCategory.mutate(command) };
}

test("each wrong or missing setting is a sentence that names it, and the exit code is 1", async () => {
  const { code, stderr } = await ended(run({ PORT: "x", COMANDA_SECRET: "short", REDIS_URL: "", HUB_DATABASE_URL: "mysql://x" }));
  expect(code).toBe(1);
  for (const expected of [
    /^PORT is wrong: .*\./m,
    /^COMANDA_SECRET is wrong: .*32 characters/m,
    /^REDIS_URL is missing \(Redis/m,
    /^HUB_DATABASE_URL is wrong: must be an address such as postgres:/m,
  ]) expect(stderr).toMatch(expected);
  expect(stderr.trim().split("\n")).toHaveLength(4);
});

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve) => probe.listen(0, "127.0.0.1", () => {
    const { port } = probe.address() as { port: number };
    probe.close(() => resolve(port));
  }));
}

test("a taken port is one sentence, and the exit code is 1", async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)));
  const { code, stderr } = await ended(run({ PORT: String(port) }));
  other.close();
  expect(code).toBe(1);
  expect(stderr).toBe(`Port ${port} is taken: stop what uses it, or choose another with PORT.\n`);
});

test("a Postgres that does not come is one sentence after the wait, and no password is in it", async () => {
  const { code, stderr } = await ended(run({ HUB_DATABASE_URL: "postgres://comanda_hub:hidden@127.0.0.1:1/comanda", STARTUP_WAIT_MS: "700" }));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Postgres at 127\.0\.0\.1:1 does not answer \(.*\): start it, or correct HUB_DATABASE_URL\.\n$/);
  expect(stderr).not.toContain("hidden");
});

test("SIGTERM ends the hub within 5 s, also with a socket open", async () => {
  const { child, url } = await ready();
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const at = Date.now();
  const gone = ended(child);
  child.kill("SIGTERM");
  expect((await gone).code).toBe(0);
  expect(Date.now() - at).toBeLessThan(5_000);
});

test("without Redis orders are taken, and what was not published is published when it is back", async () => {
  await redis.stop();
  const running = await ready();
  expect(await health(running.url)).toMatchObject({ code: 200, status: "degraded", postgres: "up", redis: "away" });
  const { category } = await onboard(running);
  for (let i = 0; i < 20; i++) result(await category());
  await redis.restart();
  await expect.poll(async () => (await health(running.url)).status, { timeout: 15_000, interval: 200 }).toBe("ok");
  await expect.poll(async () => (await health(running.url)).publishing.behind, { timeout: 15_000, interval: 200 }).toBe("0");
  result(await category());
});

test("without Postgres a command is answered within a bound: unavailable; the same id succeeds when it is back, once", async () => {
  const running = await ready();
  const { category } = await onboard(running);
  result(await category());
  await database.kill("SIGKILL");
  const command = frame({ category: newId("category"), name: "Later", color: "#112233", sort: 1 });
  const at = Date.now();
  expect(await failure(category(command))).toMatchObject({ code: "SERVICE_UNAVAILABLE", refused: "unavailable" });
  expect(Date.now() - at).toBeLessThan(9_000);
  expect(await health(running.url)).toMatchObject({ code: 503, status: "down", postgres: "away" });
  await database.restart();
  await expect.poll(async () => (await health(running.url)).status, { timeout: 20_000, interval: 200 }).toBe("ok");
  const first = await category(command);
  expect(first.ok).toBe(true);
  expect(await category(command)).toEqual(first);
});

test("every connection of the hub's own pool waiting: all that is asked is answered within a bound, and the same ids succeed when one is free", async () => {
  const running = await ready();
  const { category } = await onboard(running);
  result(await category());
  const holder = connect(database.url, { max: 1, applicationName: "holder", idleInTransactionTimeoutMs: 0, statementTimeoutMs: 0 });
  await holder`begin`;
  await holder`lock table aggregates in access exclusive mode`;
  const commands = Array.from({ length: 40 }, (_, sort) => frame({ category: newId("category"), name: "All", color: "#112233", sort }));
  const at = Date.now();
  const refused = await Promise.all(commands.map((command) => failure(category(command))));
  expect(Date.now() - at).toBeLessThan(9_000);
  for (const each of refused) expect(each).toMatchObject({ code: "SERVICE_UNAVAILABLE", refused: "unavailable" });
  await holder`rollback`;
  await holder.end();
  await expect.poll(async () => (await health(running.url)).status, { timeout: 20_000, interval: 200 }).toBe("ok");
  for (const command of commands) result(await category(command));
});

test("a hub that is killed in the middle of commands has written each answered one once, and a repeat gets the first answer", async () => {
  // A port that the kernel chose is kept by its closed connections for a minute; one that was asked for is not.
  const port = String(await freePort());
  const running = await ready({ PORT: port });
  const { category } = await onboard(running);
  const commands = Array.from({ length: 60 }, (_, sort) => frame({ category: newId("category"), name: "All", color: "#112233", sort }));
  const answers = commands.map((command) => category(command).catch(() => undefined));
  await Promise.race(answers);
  const gone = ended(running.child);
  running.child.kill("SIGKILL");
  await gone;
  const before = await Promise.all(answers);
  const again = await ready({ PORT: port });
  expect(again.url).toBe(running.url);
  for (const [i, command] of commands.entries()) {
    const answer = await category(command);
    expect(answer.ok).toBe(true);
    if (before[i] !== undefined) expect(answer).toEqual(before[i]);
  }
});
