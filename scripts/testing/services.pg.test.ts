import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import postgres from "postgres";
import { expect, test } from "vitest";
import { isRunning } from "../services/server.ts";
import { removeDirectory, startPostgres, startRedis, testDatabase, testRedis } from "./services.ts";

test("each test database is a copy that the others do not see", async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  const first = postgres(one.adminUrl, { max: 1 });
  const second = postgres(two.adminUrl, { max: 1 });
  await first`create table only_here (n int)`;
  const [seen] = await second`select to_regclass('only_here') as name`;
  expect(seen?.name).toBeNull();
  await Promise.all([first.end(), second.end()]);
  await Promise.all([one.drop(), two.drop()]);
});

test("the file's Redis keyspace can be flushed and is not the first one", async () => {
  const { url, flush } = testRedis();
  const redis = new Redis(url);
  await redis.set("here", "1");
  expect(testRedis().url).toBe(url);
  expect(new URL(url).pathname).not.toBe("/0");
  await flush();
  expect(await redis.get("here")).toBeNull();
  redis.disconnect();
});

test("a Postgres that was killed comes back on the same data and port", async () => {
  const server = await startPostgres({ durable: true });
  const before = server.pid;
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  await sql`create table kept (n int)`;
  await sql`insert into kept values (1)`;
  await server.kill("SIGKILL");
  expect(isRunning(before)).toBe(false);
  await server.restart();
  expect(server.pid).not.toBe(before);
  expect(await sql`select n from kept`).toEqual([{ n: 1 }]);
  await sql.end();
  await server.stop();
  expect(isRunning(server.pid)).toBe(false);
});

test("a Redis with AOF that was killed keeps what it had", async () => {
  const dir = mkdtempSync(join(tmpdir(), "comanda-redis-"));
  const server = await startRedis({ dir, durable: true, args: ["--appendfsync", "always"] });
  const redis = new Redis(server.url, { lazyConnect: true });
  redis.on("error", () => {});
  await redis.set("kept", "1");
  await server.kill("SIGKILL");
  await server.restart();
  expect(await redis.get("kept")).toBe("1");
  redis.disconnect();
  await server.stop();
  removeDirectory(dir);
});
