import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { connect, type Sql } from "#hub/db/client.ts";
import { createEventLog } from "#hub/log/append.ts";
import type { Divergence } from "#hub/log/epoch.ts";
import { createFeed } from "#hub/log/feed.ts";
import type { Frame } from "#hub/log/feed-shard.ts";
import { streamKey } from "#hub/log/keys.ts";
import { connectRedis } from "#hub/log/redis.ts";
import { change, command, newMerchant, newOrder } from "#hub/log/testing/commands.ts";
import { cuttingProxy } from "#hub/log/testing/cutting-proxy.ts";
import type { AppendOutcome } from "#hub/log/types.ts";
import { shardOf } from "#shared/shards.ts";
import { waitFor } from "../services/server.ts";
import { runServices } from "../testing/run-services.ts";
import { startPostgres, testRedis } from "../testing/services.ts";
import { conninfo, copyStandby, startStandby } from "../testing/standby.ts";

const SOON = 30_000;
const owner = newMerchant();
const shard = shardOf(owner.merchantId);

async function as<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connect(url, { max: 1, applicationName: "promotion" });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const set = (url: string, name: string, value: string) =>
  as(url, async (sql) => {
    await sql.unsafe(`alter system set ${name} = '${value}'`);
    await sql`select pg_reload_conf()`;
  });

const promote = (url: string) => as(url, (sql) => sql`select pg_promote(true, 30)`);
const headOf = (url: string) => as(url, async (sql) => (await sql<{ head: bigint }[]>`select coalesce(max(position), 0)::bigint as head from events where shard = ${shard}`)[0]?.head);

test("LOG-7: a synchronous standby takes over and nothing is lost; one that lags takes over, and the log goes on in a new epoch, said plainly", async () => {
  const dir = mkdtempSync(join(runServices().dir, "promotion-"));
  chmodSync(dir, 0o755);
  const place = (name: string) => join(dir, name);
  const first = await startPostgres({ migrated: true, dataDir: place("first"), durable: true });
  await first.stop();
  for (const name of ["second", "third"]) copyStandby({ from: place("first"), to: place(name), name, primaryPort: first.port });
  await first.restart();
  const [second, third] = await Promise.all([startStandby(place("second")), startStandby(place("third"))]);

  // One address for whoever is the primary.
  const address = await cuttingProxy(first.url);
  const role = (name: string) => address.through(first.url).replace("postgres@", `${name}@`);
  const said: { epoch: string; lost: readonly Divergence[] }[] = [];
  const onBehind = (epoch: string, lost: readonly Divergence[]) => void said.push({ epoch, lost });
  const log = await createEventLog({ hubUrl: role("comanda_hub"), consumerUrl: role("comanda_consumer"), redisUrl: testRedis().url, sweepMs: 200, awayMs: SOON, onBehind });
  const system = connect(role("comanda_consumer"), { max: 2, applicationName: "the-feed" });
  const frames: Frame[] = [];
  const epochs: string[] = [];
  const feed = await createFeed({ sql: system, openRedis: () => connectRedis(testRedis().url), local: log, from: "head", onFrame: (frame) => frames.push(frame), onEpoch: (epoch) => epochs.push(epoch), onBehind, pollMs: 100 });
  const redis = new Redis(testRedis().url);
  const sell = () => log.append(command(owner, [change(newOrder(), 0)]));
  const takeOver = (server: { readonly url: string }) => {
    address.pointAt(server.url);
    address.cut();
  };
  try {
    await waitFor("both standbys", SOON, () => as(first.url, async (sql) => (await sql`select from pg_stat_replication where state = 'streaming'`).length === 2));
    await set(first.url, "synchronous_standby_names", "second");
    await waitFor("the synchronous one", SOON, () => as(first.url, async (sql) => (await sql`select from pg_stat_replication where sync_state = 'sync'`).length === 1));

    // Commands are under way while the primary dies.
    const answers: AppendOutcome[] = [];
    let selling = true;
    const load = (async () => {
      while (selling) answers.push(...(await Promise.all([sell(), sell(), sell()])));
    })();
    await waitFor("some answers", SOON, () => answers.length > 30);
    const epoch = log.epoch;
    await first.kill("SIGKILL");
    await promote(second.url);
    takeOver(second);
    const before = answers.length;
    await waitFor("answers of the new primary", SOON, () => answers.length > before + 10);
    selling = false;
    await load;
    expect(answers.filter(({ outcome }) => outcome !== "appended" && outcome !== "repeat")).toEqual([]);
    const places = answers.flatMap((answer) => ("from" in answer && answer.from !== undefined ? [answer.from] : [])).toSorted((a, b) => Number(a - b));
    expect(places).toEqual(answers.map((_, i) => BigInt(i + 1)));
    expect(await headOf(second.url)).toBe(BigInt(answers.length));
    await waitFor("what was given to screens", SOON, () => feed.cursor().positions[shard] === BigInt(answers.length));
    await waitFor("the log to be at home there", SOON, () => as(second.url, async (sql) => (await sql`select from log_meta where origin = log_origin()`).length === 1));
    expect({ epoch: log.epoch, said, epochs }).toEqual({ epoch, said: [], epochs: [] });

    // The third follows the second, falls behind, and is all that is left.
    await set(third.url, "primary_conninfo", conninfo("third", second.port));
    await waitFor("the third to follow", SOON, async () => (await headOf(third.url)) === BigInt(answers.length));
    await set(third.url, "primary_conninfo", "");
    await waitFor("the third to hear nothing", SOON, () => as(second.url, async (sql) => (await sql`select from pg_stat_replication`).length === 0));
    for (let i = 0; i < 5; i++) expect(await sell()).toMatchObject({ outcome: "appended" });
    const lost = BigInt(answers.length);
    await waitFor("publishing", SOON, async () => (await redis.xrevrange(streamKey(shard, epoch), "+", "-", "COUNT", 1))[0]?.[0] === `${lost + 5n}-0`);
    await second.kill("SIGKILL");
    await promote(third.url);
    takeOver(third);
    await waitFor("the new epoch, here and at the screens", SOON, () => log.epoch !== epoch && epochs.length === 1 && feed.cursor().epoch === log.epoch);
    expect(said[0]).toEqual({ epoch: log.epoch, lost: [{ shard, published: lost + 5n, head: lost }] });
    expect(await as(third.url, (sql) => sql`select reason from log_meta`)).toEqual([{ reason: "promotion" }]);
    const shown = frames.length;
    expect(await sell()).toMatchObject({ from: lost + 1n });
    await waitFor("the frame", SOON, () => frames.length === shown + 1);
    expect(frames.at(-1)).toMatchObject({ from: lost + 1n, to: lost + 1n });
    await waitFor("the new stream", SOON, async () => (await redis.xrevrange(streamKey(shard, log.epoch), "+", "-", "COUNT", 1))[0]?.[0] === `${lost + 1n}-0`);
  } finally {
    redis.disconnect();
    await feed.stop();
    await log.close();
    await system.end({ timeout: 1 });
    await address.close();
    await Promise.all([first, second, third].map((server) => server.stop()));
    rmSync(dir, { recursive: true, force: true });
  }
});
