import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { connect, type Sql } from "#hub/db/client.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import { SHARD_COUNT, shardOf } from "#shared/shards.ts";
import type { Stack } from "../services/stack.ts";
import { runChild } from "../start/child.ts";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { figure, type Figure } from "./figures.ts";
import { fillLog, fixture, type Filling } from "./filled-log.ts";
import type { PeerJob } from "./peers/jobs.ts";
import { newId } from "./place.ts";
import { cpuFromNow } from "./proc.ts";

/** Merchants, one on each shard. */
const KEYS = SHARD_COUNT;
const EVENTS = 32_000;
/** So many take as long. */
const JOBS = 5_000;
const SALES = 8_000;
const WITHIN_MS = 60_000;

type Rate = { readonly perSecond: number; /** Microseconds of an event: of the process alone, and with Postgres and Redis. */ readonly own: number; readonly whole: number };

/**
 * A group with a backlog of events of the log, until it has done them all: the runner's effects and its checkpoint are one
 * transaction of Postgres; BullMQ's worker notes the job and writes the same row by one statement. Both keep the order of a
 * key, both in a process of their own on the same servers. Then the ledger, with the sales of one merchant.
 */
export async function consumerRates({ stack, dir, rounds }: OnAStack): Promise<Figure[]> {
  // Of the product only the servers are needed: its own consumers would do the same events.
  await Promise.all([stack.consumers.stop(), stack.hub.stop()]);
  const admin = connect(stack.adminUrl, { max: 2, statementTimeoutMs: 60_000 });
  const consumerUrl = stack.env["CONSUMER_DATABASE_URL"] ?? "";
  const sql = connect(consumerUrl, { max: 2, statementTimeoutMs: 60_000 });
  try {
    await admin.unsafe(
      "create table bench_effects (nr bigint generated always as identity, grp text, key text, shard int, position bigint, subject text); create table bench_done (job text primary key); grant all on bench_effects, bench_done to comanda_consumer; grant select on sequence bench_effects_nr_seq to comanda_consumer",
    );
    const [meta] = await admin<{ epoch: string }[]>`select epoch from log_meta`;
    const epoch = meta?.epoch ?? "";
    say(`  filling the log with ${EVENTS} events ...`);
    const data = fixture("sale.order.sent");
    const merchants = merchantsOfAllShards();
    const events = await fillLog(sql, stack.redis.url, epoch, Array.from({ length: EVENTS }, (_, i) => ({ merchant: merchants[i % KEYS] ?? "", subject: newId("order"), type: "sale.order.sent", data })));
    const seen: { runner: Rate; bullmq: Rate }[] = [];
    for (let round = 1; round <= rounds; round++) {
      const runner = await rateOf(stack, dir, "scripts/bench/runner-process.ts", { databaseUrl: consumerUrl, redisUrl: stack.redis.url, group: `bench-${round}` }, EVENTS, () => effects(admin));
      await checkOrder(admin, `bench-${round}`, EVENTS);
      const queues = await addJobs(stack, round, events.slice(0, JOBS));
      const bullmq = await rateOf(stack, dir, "scripts/bench/peers/jobs.ts", { databaseUrl: consumerUrl, redisUrl: stack.redis.url, group: `bullmq-${round}`, queues }, JOBS, () => effects(admin));
      await checkOrder(admin, `bullmq-${round}`, JOBS);
      await admin`truncate bench_done`;
      say(`  round ${round}: runner ${runner.perSecond.toFixed(0)}/s, ${runner.whole.toFixed(0)} µs an event; BullMQ ${bullmq.perSecond.toFixed(0)}/s, ${bullmq.whole.toFixed(0)} µs`);
      seen.push({ runner, bullmq });
    }
    const ledger = await ledgerRates(stack, dir, sql, epoch, rounds);
    return [
      figure("runner: events of one group", "/s", seen.map((r) => r.runner.perSecond)),
      figure("BullMQ: jobs", "/s", seen.map((r) => r.bullmq.perSecond)),
      figure("runner to BullMQ", "x", seen.map((r) => r.runner.perSecond / r.bullmq.perSecond), { atLeast: 3 }),
      figure("runner: CPU of an event, the servers' too", "µs", seen.map((r) => r.runner.whole)),
      figure("BullMQ: CPU of a job, the servers' too", "µs", seen.map((r) => r.bullmq.whole)),
      figure("runner's CPU of an event to BullMQ's", "x", seen.map((r) => r.runner.whole / r.bullmq.whole), { atMost: 1 }),
      figure("runner: CPU of an event, its own", "µs", seen.map((r) => r.runner.own)),
      figure("BullMQ: CPU of a job, its own", "µs", seen.map((r) => r.bullmq.own)),
      figure("ledger: sales posted, of one merchant", "/s", ledger.map((r) => r.perSecond), { atLeast: 5_000 }),
      figure("ledger: CPU of a sale, the servers' too", "µs", ledger.map((r) => r.whole)),
    ];
  } finally {
    await Promise.all([admin.end(), sql.end()]);
  }
}

/** Each round has a merchant of its own, with nothing but sales: two journals each, the sale and what was paid before it. */
async function ledgerRates(stack: Stack, dir: string, sql: Sql, epoch: string, rounds: number): Promise<Rate[]> {
  const rates: Rate[] = [];
  const databaseUrl = stack.env["CONSUMER_DATABASE_URL"] ?? "";
  for (let round = 1; round <= rounds; round++) {
    const merchant = newId("merchant");
    await fillLog(sql, stack.redis.url, epoch, [{ merchant, subject: merchant, type: "commerce.initialized", data: { merchant, currency: "EUR" } }, ...Array.from({ length: SALES }, () => sale(merchant))]);
    const [begins] = await sql<{ at: bigint }[]>`select min(position) as at from events where merchant_id = ${merchant}`;
    const posted = async () => {
      const [row] = await sql<{ position: bigint }[]>`select position from consumer_checkpoints where consumer_group = 'ledger' and shard = ${shardOf(merchant)}`;
      return Math.max(0, Number((row?.position ?? 0n) - (begins?.at ?? 0n)));
    };
    rates.push(await rateOf(stack, dir, "scripts/bench/runner-process.ts", { databaseUrl, redisUrl: stack.redis.url, group: "ledger" }, SALES, posted));
    const [written] = await sql<{ journals: bigint }[]>`select count(*) as journals from ledger_journals where merchant_id = ${merchant} and event_type = 'sale.check.closed'`;
    if (written?.journals !== BigInt(2 * SALES)) throw new Error(`${2 * SALES} journals were to be posted, not ${written?.journals}`);
    say(`  ledger, round ${round}: ${rates.at(-1)?.perSecond.toFixed(0)} sales/s`);
  }
  return rates;
}

function sale(merchant: string): Filling {
  const data = fixture("sale.check.closed") as { readonly totals: object; readonly receipt: { readonly lines: readonly object[] } };
  const totals = { currency: "EUR", net: "1000", serviceCharge: "0", taxes: [], tax: "100", total: "1100", paid: "1100", due: "0" };
  const lines = Array.from({ length: 20 }, () => data.receipt.lines[0]);
  return { merchant, subject: newId("check"), type: "sale.check.closed", data: { ...data, totals, receipt: { ...data.receipt, totals, lines } } };
}

function merchantsOfAllShards(): readonly string[] {
  const found = new Map<number, string>();
  while (found.size < SHARD_COUNT) {
    const merchant = newId("merchant");
    found.set(shardOf(merchant), merchant);
  }
  return [...found.values()];
}

async function addJobs(stack: Stack, round: number, events: readonly StoredEvent[]): Promise<readonly string[]> {
  const connection = new Redis(stack.redis.url, { maxRetriesPerRequest: null });
  const names = Array.from({ length: SHARD_COUNT }, (_, shard) => `bench-${round}-${shard}`);
  try {
    for (const [shard, name] of names.entries()) {
      const queue = new Queue<PeerJob>(name, { connection });
      const jobs = events.filter((event) => event.shard === shard).map(({ position, text }) => {
        const envelope = JSON.parse(text) as PeerJob["envelope"] & { readonly id: string; readonly merchantid: string };
        return { name: "effect", data: { id: envelope.id, key: envelope.merchantid, shard, position: String(position), envelope } };
      });
      await queue.addBulk(jobs);
      await queue.close();
    }
    return names;
  } finally {
    connection.disconnect();
  }
}

/** From the first progress that is seen to the last event, so that the start of the process is nobody's. */
async function rateOf(stack: Stack, dir: string, script: string, plan: object, count: number, progress: () => Promise<number>): Promise<Rate> {
  const child = await runChild({ name: "bench-consumer", script, args: [JSON.stringify(plan)], env: {}, logFile: `${dir}/consumer.log` }, () => {});
  try {
    const before = await progress();
    const used = cpuFromNow({ own: child.pid, Postgres: stack.postgres.pid, Redis: stack.redis.pid });
    await child.kill("SIGUSR2");
    let first: { readonly at: number; readonly done: number } | undefined;
    for (const until = performance.now() + WITHIN_MS; performance.now() < until; await sleep(20)) {
      const [at, done] = [performance.now(), (await progress()) - before];
      if (done > 0) first ??= { at, done };
      if (first === undefined || done < count) continue;
      const { own, Postgres, Redis } = used();
      return { perSecond: (done - first.done) / ((at - first.at) / 1000), own: (own * 1e6) / count, whole: ((own + Postgres + Redis) * 1e6) / count };
    }
    throw new Error(`${script} did not do ${count} events within ${WITHIN_MS / 1000} s`);
  } finally {
    await child.stop();
  }
}

async function effects(admin: Sql): Promise<number> {
  const [row] = await admin<{ done: bigint }[]>`select case when is_called then last_value else 0 end as done from bench_effects_nr_seq`;
  return Number(row?.done ?? 0n);
}

/** Every event once, and those of a key in their order. */
async function checkOrder(admin: Sql, group: string, count: number): Promise<void> {
  const [row] = await admin<{ all: bigint; different: bigint; turned: bigint }[]>`
    select count(*) as all, count(distinct (shard, position)) as different, count(*) filter (where position <= before) as turned
    from (select shard, position, lag(position) over (partition by key order by nr) as before from bench_effects where grp = ${group}) as done`;
  if (row?.all !== BigInt(count) || row.different !== BigInt(count) || row.turned !== 0n) throw new Error(`${group}: of ${count} events ${row?.all} effects, ${row?.different} different, ${row?.turned} out of order`);
}
