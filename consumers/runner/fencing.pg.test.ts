import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ulid } from "ulidx";
import { connect } from "#hub/db/client.ts";
import { streamKey } from "#hub/log/keys.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { moveCheckpoint } from "./checkpoint.ts";
import { failureKind } from "./failures.ts";
import { leases } from "./leases.ts";
import { applied, commandOnce, FAST, groupIn, merchantOn, openBench, orders, REDIS_ONLY, shardOfRunner, untilApplied, upTo, type Bench } from "./testing/bench.ts";
import { effectConsumer, until } from "./testing/effects.ts";
import type { HandlerContext } from "./types.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.stopAll());
afterAll(() => bench.close());

test("RUN-2: a lease belongs to one owner, ends by Postgres's clock, and every take-over raises the fence", async () => {
  const group = "lease-rules";
  const book = (owner: string) => leases(bench.sql, owner, owner, [group], 60_000);
  const timePasses = () => bench.sql`update consumer_checkpoints set lease_until = lease_until - interval '61 s' where consumer_group = ${group}`;
  const [a, b] = [book("a"), book("b")];
  await a.register();
  await b.register();
  const first = await a.take(group, 16);
  expect(first).toHaveLength(16);
  expect(await b.take(group, 16)).toHaveLength(0);
  await timePasses();
  // Nobody came: the owner may renew a lease that ran out.
  expect((await a.renew()).size).toBe(16);
  expect(await b.take(group, 4)).toHaveLength(0);
  await timePasses();
  const second = await b.take(group, 4);
  expect(second.map(({ fence, unclean }) => ({ fence, unclean }))).toEqual(Array(4).fill({ fence: 2n, unclean: true }));
  expect((await a.renew()).size).toBe(12);
  const [lost] = first;
  if (lost === undefined) throw new Error("no lease");
  const refused = await moveCheckpoint(bench.sql, lost, 0n, 1n, "durably").catch((error: unknown) => failureKind(error));
  expect(refused).toBe("fenced");
  await a.release(group, 15, 1n);
  const third = await b.take(group, 16);
  expect(third.filter(({ shard }) => shard === 15)).toMatchObject([{ fence: 2n, unclean: false }]);
});

test("RUN-2: a zombie's commit after the take-over is rolled back", async () => {
  const [group, shard] = ["zombie", 1];
  const merchant = merchantOn(shard);
  let wakeZombie = () => {};
  const asleep = new Promise<void>((resolve) => (wakeZombie = resolve));
  let inside = false;
  // Its process hangs before COMMIT, effects and checkpoint already sent, and no tick renews the lease.
  const zombie = bench.start({
    consumers: [effectConsumer(group, () => {}, { timeLimitMs: 60_000 })],
    timings: { ...FAST, leaseMs: 400, tickMs: 600_000 },
    hooks: {
      async afterEffects(point) {
        if (point.shard !== shard) return;
        inside = true;
        await asleep;
      },
    },
  });
  await zombie.started;
  await bench.log.write(merchant, orders(3, "ord_a"));
  await until("the zombie holds three events", () => inside);
  const heir = bench.start({ consumers: [effectConsumer(group)] });
  await heir.started;
  await untilApplied(bench, group, shard, 3);
  const [{ woken } = {}] = await bench.sql<{ woken: Date }[]>`select clock_timestamp() as woken`;
  const zombies = () => bench.sql`select from pg_stat_activity where datname = current_database() and xact_start < ${woken ?? null}`;
  expect((await zombies()).length).toBeGreaterThan(0);
  wakeZombie();
  await bench.log.write(merchant, orders(3, "ord_a"));
  await untilApplied(bench, group, shard, 6);
  await until("the zombie's transaction is over", async () => (await zombies()).length === 0);
  expect(await applied(bench, group, shard)).toEqual(upTo(6));
  // Awake, the zombie asks for its share of the shards once more, and renews it never.
  let held = await shardOfRunner(heir, shard, group);
  await until("the heir has the shard", async () => (held = await shardOfRunner(heir, shard, group)).mine);
  expect(held.checkpoint).toBe(6n);
});

test("RUN-1: a stranger who reads by way of the group gets 2, the owner 1 and 3: nothing is lost", async () => {
  const [group, shard] = ["stalled-reader", 2];
  const merchant = merchantOn(shard);
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: REDIS_ONLY });
  await runner.started;
  await until("reading", async () => (await runner.status()).redis.get(group) === true);
  await bench.log.write(merchant, orders(1, "ord_a"));
  await untilApplied(bench, group, shard, 1);
  // Who takes entries from the group (a program of another design, a person at a prompt) has them in its pending list, and does nothing more.
  const stream = await bench.log.streamOf(merchant);
  await until("the group is there", async () => (await groupIn(bench.redis, stream, group)) !== undefined);
  const [taken] = await bench.log.append(merchant, orders(1, "ord_a"));
  if (taken === undefined) throw new Error("nothing was appended");
  // In one go, before the blocked owner is served.
  const both = bench.redis.multi().xadd(stream, `${taken.position}-0`, "e", taken.text);
  await both.xreadgroup("GROUP", group, "old-owner", "COUNT", 1, "STREAMS", stream, ">").exec();
  const held = (await bench.redis.xpending(stream, group, "-", "+", 10, "old-owner")) as unknown[];
  expect(held).toHaveLength(1);
  await bench.log.write(merchant, orders(1, "ord_a"));
  await untilApplied(bench, group, shard, 3);
  expect(await applied(bench, group, shard)).toEqual(upTo(3));
});

test("RUN-2: a restored log gives positions out again: the epoch in the checkpoint fences out whoever knew the old ones (LOG-7)", async () => {
  const [group, shard] = ["new-epoch", 3];
  const merchant = merchantOn(shard);
  const runner = bench.start({ consumers: [effectConsumer(group)] });
  await runner.started;
  await bench.log.write(merchant, orders(2, "ord_a"));
  await untilApplied(bench, group, shard, 2);
  const before = await bench.log.runnerLog.epoch();
  const [row] = await bench.sql<{ epoch: string }[]>`select log_start_epoch(${before}, ${ulid()}, 'restore') as epoch`;
  const after = row?.epoch ?? "";
  expect(after).not.toBe(before);
  // Redis still carries the old log, where 3 is another event.
  const [sample] = await bench.log.runnerLog.readRange(shard, 0n, 1);
  const old = { ...(JSON.parse(sample?.text ?? "") as object), position: "3", subject: "ord_of_the_old_log" };
  await bench.redis.xadd(streamKey(shard, before), "3-0", "e", JSON.stringify(old));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const events = await bench.log.append(merchant, orders(1, "ord_new"));
  await bench.log.publish(events);
  await untilApplied(bench, group, shard, 3);
  const subjects = await bench.sql<{ subject: string }[]>`select subject from effects where grp = ${group} and shard = ${shard} order by nr`;
  expect(subjects.map(({ subject }) => subject)).toEqual([`ord_a-${shard}`, `ord_a-${shard}`, `ord_new-${shard}`]);
  await until("the group stands in the new stream", async () => (await groupIn(bench.redis, streamKey(shard, after), group))?.["last-delivered-id"] === "3-0");
});

test("RUN-2, LOG-4: what a process manager appends is in the log once, whichever of commit and answer was lost", async () => {
  const [group, shard] = ["appends-once", 4];
  const merchant = merchantOn(shard);
  let losses = 0;
  const base = effectConsumer(group);
  const manager = {
    ...base,
    policy: { ...base.policy, replayable: false },
    async handle(...[events, context]: Parameters<typeof base.handle>) {
      await base.handle(events, context);
      for (const event of events as ParsedEvent[]) {
        if (event.shard === shard) context.append([commandOnce(context.commandIdFor(event, "ticket"), merchant, event)]);
      }
    },
  };
  const lose = (point: { shard: number }) => {
    if (point.shard !== shard || losses++ > 2) return;
    throw Object.assign(new Error("the connection is lost"), { code: "CONNECTION_CLOSED" });
  };
  const runner = bench.start({ consumers: [manager], hooks: { beforeCommit: lose, afterCommit: lose } });
  await runner.started;
  await bench.log.write(merchant, orders(3, "ord_a"));
  await bench.log.write(merchant, orders(3, "ord_a"));
  await until("all applied", async () => (await shardOfRunner(runner, shard, group)).lag === 0n && (await applied(bench, group, shard)).length >= 6);
  const made = await bench.sql<{ cause: string }[]>`
    select envelope::json ->> 'causationid' as cause from events where shard = ${shard} and type = 'sale.ticket.created'`;
  expect(made).toHaveLength(6);
  expect(new Set(made.map(({ cause }) => cause)).size).toBe(6);
  expect(await applied(bench, group, shard)).toHaveLength(6);
});

test("RUN-2: only a transaction that appends waits for the disk", async () => {
  const [group, shard] = ["durable", 5];
  const merchant = merchantOn(shard);
  const admin = connect(bench.databaseUrls.adminUrl, { max: 1 });
  await admin.unsafe(`
    create table commits (nr bigint generated always as identity, grp text, shard int, waits text);
    grant insert on commits to comanda_consumer;
    create function note_commit() returns trigger language plpgsql as $$ begin insert into commits (grp, shard, waits) values (new.grp, new.shard, current_setting('synchronous_commit')); return null; end $$;
    create constraint trigger at_commit after insert on effects deferrable initially deferred for each row execute function note_commit()`);
  const appending = (event: ParsedEvent, { append, commandIdFor }: HandlerContext) => {
    if (event.envelope.subject.startsWith("ord_b")) append([commandOnce(commandIdFor(event, "ticket"), merchant, event)]);
  };
  const runner = bench.start({ consumers: [effectConsumer(group, appending, { batchSize: 1 })] });
  await runner.started;
  await bench.log.write(merchant, [...orders(1, "ord_a"), ...orders(1, "ord_b"), ...orders(1, "ord_c")]);
  await untilApplied(bench, group, shard, 3);
  expect((await admin`select waits from commits where grp = ${group} and shard = ${shard} order by nr`).map(({ waits }) => waits as string)).toEqual(["off", "on", "off"]);
  await admin`drop trigger at_commit on effects`;
  await admin.end();
});

test("RUN-2: what a crash made Postgres forget, checkpoint and effects, is applied again though nothing new comes", async () => {
  const [group, shard] = ["forgotten", 6];
  const runner = bench.start({ consumers: [effectConsumer(group)] });
  await runner.started;
  await bench.log.write(merchantOn(shard), orders(5, "ord_a"));
  await untilApplied(bench, group, shard, 5);
  const admin = connect(bench.databaseUrls.adminUrl, { max: 1 });
  await admin.begin(async (tx) => {
    await tx`update consumer_checkpoints set position = 2 where consumer_group = ${group} and shard = ${shard}`;
    await tx`delete from effects where grp = ${group} and position > 2`;
  });
  await admin.end();
  await untilApplied(bench, group, shard, 5);
  expect(await applied(bench, group, shard)).toEqual(upTo(5));
});
