import { afterAll, beforeAll, expect, test } from "vitest";
import { forgetOldDeadLetters } from "#consumers/runner/dead-letters.ts";
import { startMaintenance } from "#consumers/runner/maintenance/worker.ts";
import { runnerLog } from "#consumers/runner/log-port.ts";
import { effectConsumer } from "#consumers/runner/testing/effects.ts";
import type { ConsumerDefinition } from "#consumers/runner/types.ts";
import { stockConsumer } from "#consumers/stock/consumer.ts";
import { lookAtBackbone } from "#hub/observe/backbone.ts";
import { startNewEpoch } from "#hub/log/epoch.ts";
import { change, command, event, newMerchant, newOrder } from "#hub/log/testing/commands.ts";
import { failure, frame, makePlace, newId, result } from "#hub/testing/hub-fixture.ts";
import { shardOf } from "#shared/shards.ts";
import { operationsConsumer } from "./consumer.ts";
import { admin, broken, closeHouse, deadLetterOf, effects, eventsOf, fixture, house, ingredient, log, logger, manager, movements, onHand, openHouse, place, run, runOf, running, soon, spilled, sql, startHouse, workOf } from "./testing/house.ts";

beforeAll(openHouse);
afterAll(closeHouse);

test("RUN-4: a manager has a dead letter tried again, for a reason, and that is in the log", async () => {
  broken.add(newId("ingredient"));
  const [milk = ""] = broken;
  result(await manager.api.catalog.createIngredient.mutate(frame({ ingredient: milk, name: "Milk", unit: "ml" as const, lowBelow: "1" })));
  const { id } = await deadLetterOf(milk);
  const waiter = await place.login("Mai", ["order.take"]);
  expect(await failure(waiter.api.system.retryDeadLetter.mutate(frame({ deadLetter: id, reason: "again" })))).toMatchObject({ refused: "capability-missing" });
  expect(await manager.api.system.retryDeadLetter.mutate(frame({ deadLetter: newId("deadLetter"), reason: "again" }))).toMatchObject({ refusal: { refused: "unknown-dead-letter" } });

  // Still broken: it comes back, and can be decided on again.
  result(await manager.api.system.retryDeadLetter.mutate(frame({ deadLetter: id, reason: "perhaps" })));
  await soon("its coming back", async () => (await eventsOf(id)).length === 3);
  expect((await deadLetterOf(milk)).id).toBe(id);
  broken.clear();
  result(await manager.api.system.retryDeadLetter.mutate(frame({ deadLetter: id, reason: "the shelf is there now" })));
  await soon("its effect", async () => (await effects(milk)).length === 1);
  const told = await eventsOf(id);
  expect(told.map(({ type }) => type.slice("system.dead-letter.".length))).toEqual(["recorded", "retryRequested", "recorded", "retryRequested"]);
  expect(told[3]).toMatchObject({ actor: `staff:${manager.staff}`, data: { by: "Sofia", reason: "the shelf is there now" } });
  await soon("resolved", async () => (await admin`select from dead_letters where id = ${id} and state = 'resolved'`).length === 1);
});

test("RUN-4: a discarded one is gone for good, and what waited behind it goes on", async () => {
  broken.add(newId("ingredient"));
  const [milk = ""] = broken;
  result(await manager.api.catalog.createIngredient.mutate(frame({ ingredient: milk, name: "Milk", unit: "ml" as const, lowBelow: "1" })));
  const { id } = await deadLetterOf(milk);
  result(await manager.api.system.discardDeadLetter.mutate(frame({ deadLetter: id, reason: "entered by hand" })));
  const find = () => admin`select decided_by from dead_letters where id = ${id} and state = 'discarded'`;
  await soon("discarded", async () => (await find()).length === 1);
  expect((await find())[0]?.["decided_by"]).toBe(`staff:${manager.staff}`);
  expect(await manager.api.system.retryDeadLetter.mutate(frame({ deadLetter: id, reason: "no" }))).toMatchObject({ refusal: { refused: "dead-letter-decided", status: "discarded" } });
  broken.clear();
  expect(await admin`select from parked_events where consumer_group = 'picky'`).toHaveLength(0);
});

test("RUN-5: a projection is built anew beside the one in use and takes its place, while events go on", async () => {
  const milk = await ingredient(["1000", "700"]);
  await soon("the count", async () => (await onHand(milk)) === "700.000");
  await admin`update stock_levels set on_hand = 1 where ingredient_id = ${milk}`;
  await admin`delete from stock_movements where ingredient_id = ${milk} and quantity = -300`;
  const shape = () => admin`
    select tablename, indexname as name, null as rights from pg_indexes where schemaname = 'public' and tablename like 'stock\\_%'
    union all select tablename, policyname, roles::text || cmd || qual from pg_policies where schemaname = 'public' and tablename like 'stock\\_%'
    union all select table_name, grantee, privilege_type from information_schema.role_table_grants where table_schema = 'public' and table_name like 'stock\\_%'
    order by 1, 2, 3`;
  const before = await shape();
  const maintenance = newId("maintenance");
  expect(await failure(manager.api.system.rebuild.mutate(frame({ maintenance, group: "stock" as const, reason: "it is wrong" })))).toMatchObject({ refused: "capability-missing", capability: "operate.system" });
  expect(await place.operator.system.rebuild.mutate(frame({ maintenance, group: "kitchen" as const, reason: "x" }))).toMatchObject({ refusal: { refused: "not-rebuildable" } });
  const [, meanwhile] = await Promise.all([place.operator.system.rebuild.mutate(frame({ maintenance, group: "stock" as const, reason: "it is wrong" })).then(result), ingredient(["5", "6", "7"])]);
  expect(await runOf(maintenance)).toMatchObject({ state: "completed", reason: "it is wrong" });
  expect(await onHand(milk)).toBe("700.000");
  expect(await movements(milk)).toEqual(["1000.000", "-300.000"]);
  // What was never analyzed is planned as if it were small.
  expect(await admin`select relname from pg_class where relname in ('stock_levels', 'stock_movements') and relkind = 'r' and reltuples > 0`).toHaveLength(2);
  const later = await ingredient(["40"]);
  await soon("what came meanwhile and later", async () => (await onHand(meanwhile)) === "7.000" && (await onHand(later)) === "40.000");
  expect(await movements(meanwhile)).toEqual(["5.000", "1.000", "1.000"]);
  expect(await shape()).toEqual(before);
  expect(await admin`select from pg_tables where schemaname = 'rebuild'`).toHaveLength(0);
  expect((await eventsOf(maintenance)).map(({ type }) => type)).toEqual(["system.maintenance.requested", "system.maintenance.completed"]);
});

test("AUD-6: the audit says of a count what was on the shelf before and after it", async () => {
  const milk = await ingredient(["1000", "700.5"]);
  await soon("the count", async () => (await onHand(milk)) === "700.500");
  const { entries } = await manager.api.operation.trail.query({ stream: milk, after: 0 });
  expect(entries.filter(({ type }) => type === "stock.ingredient.counted").map(({ changes }) => changes)).toEqual([[{ field: "onHand", before: "0", after: "1000" }], [{ field: "onHand", before: "1000", after: "700.5" }]]);
});

test("RUN-5b: tables that are built anew are analyzed from the first step on, and wait for who reads those in use", async () => {
  const milk = await ingredient(["9"]);
  // More than the last stretch, for which there are no steps.
  const owner = newMerchant();
  await log.append(command(owner, [change(newOrder(), 0, { events: Array.from({ length: 600 }, () => event()) })]));
  await soon("the consumer", async () => (await admin`select from consumer_checkpoints where consumer_group = 'stock' and shard = ${shardOf(owner.merchantId)} and position >= 600`).length === 1);
  const maintenance = newId("maintenance");
  await admin.begin(async (tx) => {
    await tx`lock table stock_levels in access share mode`;
    result(await place.operator.system.rebuild.mutate(frame({ maintenance, group: "stock" as const, reason: "slow" })));
    await soon("their figures", async () => (await tx`select from pg_class where relnamespace = 'rebuild'::regnamespace and relkind = 'r' and reltuples >= 0`).length === 2);
    expect(await tx`select state from maintenance_runs where id = ${maintenance}`).toEqual([{ state: "running" }]);
  });
  expect(await runOf(maintenance)).toMatchObject({ state: "completed", failure: null });
  await soon("the count", async () => (await onHand(milk)) === "9.000");
});

test("RUN-5b: a rebuild passes over what a person discarded", async () => {
  const milk = await ingredient(["1000", "700"]);
  await soon("the count", async () => (await onHand(milk)) === "700.000");
  await admin`
    insert into dead_letters (id, consumer_group, shard, position, event_id, event_type, topic, organizer_id, merchant_id, envelope, keys, reason, attempts,
      first_failed_at, last_failed_at, recorded_at, blocks_keys, state)
    select ${newId("deadLetter")}, 'stock', shard, position, id, type, type || '.dlq', organizer_id, merchant_id, envelope, array[${milk}], 'x', 6, now(), now(), now(), true, 'discarded'
    from events where stream = ${milk} and stream_version = 3`;
  const maintenance = newId("maintenance");
  result(await place.operator.system.rebuild.mutate(frame({ maintenance, group: "stock" as const, reason: "without it" })));
  expect(await runOf(maintenance)).toMatchObject({ state: "completed", failure: null });
  expect(await onHand(milk)).toBe("1000.000");
  await admin`delete from dead_letters where consumer_group = 'stock'`;
});

test("RUN-5: a rebuild that fails says why and leaves what is in use alone", async () => {
  const milk = await ingredient(["12"]);
  await soon("the count", async () => (await onHand(milk)) === "12.000");
  const fails = { ...stockConsumer, handle: () => Promise.reject(new Error("division by zero")) };
  const [first] = running.splice(2, 1);
  await first?.stop();
  const failing = startMaintenance({ sql, log: runnerLog(sql, log), consumers: [fails], processName: "fails", logger, lookEveryMs: 50 });
  const maintenance = newId("maintenance");
  result(await place.operator.system.rebuild.mutate(frame({ maintenance, group: "stock" as const, reason: "to see" })));
  expect(await runOf(maintenance)).toMatchObject({ state: "failed", failure: "Error: division by zero" });
  expect(await onHand(milk)).toBe("12.000");
  expect(await admin`select from pg_tables where schemaname = 'rebuild'`).toHaveLength(0);
  await failing.stop();
  running.push(startMaintenance({ sql, log: runnerLog(sql, log), consumers: [stockConsumer, operationsConsumer], processName: "test", logger, lookEveryMs: 50 }));
});

test("RUN-5a: what goes wrong in a process whose run was taken over meanwhile ends nothing of it", async () => {
  const milk = await ingredient(["30"]);
  await soon("the count", async () => (await onHand(milk)) === "30.000");
  const [first] = running.splice(2, 1);
  await first?.stop();
  const worker = (processName: string, consumer: ConsumerDefinition) => startMaintenance({ sql, log: runnerLog(sql, log), consumers: [consumer, operationsConsumer], processName, logger, lookEveryMs: 50 });
  const maintenance = newId("maintenance");
  let isTakenOver = false;
  // It stood still for longer than its claim, and finds tables that are not its own any more.
  const late = worker("late", { ...stockConsumer, handle: async () => {
    await admin`update maintenance_runs set claimed_by = 'another', lease_until = clock_timestamp() + interval '1 minute' where id = ${maintenance}`;
    isTakenOver = true;
    throw new Error("no such table");
  } });
  result(await place.operator.system.rebuild.mutate(frame({ maintenance, group: "stock" as const, reason: "to see" })));
  await soon("its waking", async () => isTakenOver);
  await late.stop();
  expect(await admin`select state, claimed_by, failure from maintenance_runs where id = ${maintenance}`).toEqual([{ state: "running", claimed_by: "another", failure: null }]);
  expect((await admin`select from pg_tables where schemaname = 'rebuild'`).length).toBeGreaterThan(0);
  await admin`update maintenance_runs set claimed_by = null, lease_until = null where id = ${maintenance}`;
  running.push(worker("test", stockConsumer));
  expect(await runOf(maintenance)).toMatchObject({ state: "completed", failure: null });
  expect((await eventsOf(maintenance)).map(({ type }) => type)).toEqual(["system.maintenance.requested", "system.maintenance.completed"]);
  expect(await onHand(milk)).toBe("30.000");
});

test("RUN-5a: after a deadlock a run goes on at once, and its claim is renewed in mid-step", async () => {
  const milk = await ingredient(["30"]);
  await soon("the count", async () => (await onHand(milk)) === "30.000");
  const [first] = running.splice(2, 1);
  await first?.stop();
  const worker = (processName: string, handle: ConsumerDefinition["handle"], claimMs?: number) =>
    startMaintenance({ sql, log: runnerLog(sql, log), consumers: [{ ...stockConsumer, handle }, operationsConsumer], processName, logger, lookEveryMs: 50, ...(claimMs === undefined ? {} : { claimMs }) });
  let deadlocks = 0;
  const unlucky = worker("unlucky", () => {
    deadlocks += 1;
    return Promise.reject(Object.assign(new Error("deadlock detected"), { code: "40P01" }));
  });
  const maintenance = newId("maintenance");
  result(await place.operator.system.rebuild.mutate(frame({ maintenance, group: "stock" as const, reason: "to see" })));
  await soon("its going on", () => Promise.resolve(deadlocks > 1));
  await unlucky.stop();

  const lease = async () => (await admin<{ until: Date }[]>`select lease_until as until from maintenance_runs where id = ${maintenance}`)[0]?.until.getTime() ?? 0;
  let renewed = false;
  running.push(worker("slow", async (events, context) => {
    const before = await lease();
    for (const end = Date.now() + 8_000; !renewed && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      renewed = (await lease()) > before;
    }
    return stockConsumer.handle(events, context);
  }, 600));
  expect(await runOf(maintenance)).toMatchObject({ state: "completed", failure: null });
  expect(renewed).toBe(true);
  expect(await onHand(milk)).toBe("30.000");
  await running.pop()?.stop();
  running.push(startMaintenance({ sql, log: runnerLog(sql, log), consumers: [stockConsumer, operationsConsumer], processName: "test", logger, lookEveryMs: 50 }));
});

test("RUN-5: a consumer is given events again from a time or a position: what is missing comes back, nothing twice", async () => {
  const milk = await ingredient(["100"]);
  await soon("the count", async () => (await onHand(milk)) === "100.000");
  const [row] = await admin<{ at: Date; position: bigint }[]>`select recorded_at as at, position from events where stream = ${milk} and stream_version = 2`;
  const lose = () => admin`with gone as (delete from stock_movements where ingredient_id = ${milk}) update stock_levels set on_hand = 0 where ingredient_id = ${milk}`;
  expect(await place.operator.system.replay.mutate(frame({ maintenance: newId("maintenance"), group: "sales" as const, from: { kind: "time" as const, at: "2026-11-20T10:00:00.000Z" }, reason: "x" }))).toMatchObject({
    refusal: { refused: "not-replayable", group: "sales" },
  });
  const shard = shardOf(place.merchant);
  const refusedFor = async (from: { kind: "time"; at: string } | { kind: "position"; shard: number; after: string }) =>
    (await failure(place.operator.system.replay.mutate(frame({ maintenance: newId("maintenance"), group: "stock" as const, from, reason: "mistyped" })))).fields;
  expect(await refusedFor({ kind: "position", shard, after: "999999999" })).toEqual([{ path: "input.from.after", rule: expect.stringMatching(/^must not be beyond the last position of shard \d+, which is \d+$/) as string }]);
  expect(await refusedFor({ kind: "time", at: "2126-11-20T10:00:00.000Z" })).toEqual([{ path: "input.from.at", rule: "must not be later than now" }]);
  for (const from of [
    { kind: "time" as const, at: row?.at.toISOString() ?? "" },
    { kind: "position" as const, shard, after: String((row?.position ?? 1n) - 1n) },
  ]) {
    await lose();
    const again = (work: Awaited<ReturnType<typeof workOf>>) => work.applied - work.aged;
    const before = again(await workOf("stock"));
    const maintenance = newId("maintenance");
    result(await place.operator.system.replay.mutate(frame({ maintenance, group: "stock" as const, from, reason: "it was lost" })));
    const run = await runOf(maintenance);
    expect(run).toMatchObject({ state: "completed" });
    expect(run["done"]).toBe(run["total"]);
    expect(run["total"]).toBeGreaterThan(0n);
    expect(await onHand(milk)).toBe("100.000");
    expect(await movements(milk)).toEqual(["100.000"]);
    // It is work that was done, and says nothing of how late the consumer is.
    await soon("its count", async () => again(await workOf("stock")) > before);
  }
  const { aged } = await workOf("stock");
  await ingredient([]);
  await soon("the age of what is new", async () => (await workOf("stock")).aged > aged);
});

test("what is given again is as old as the replay, and what waits behind it as old as it is", async () => {
  const shard = shardOf(place.merchant);
  const recorded = async (position: bigint) => (await admin<{ at: Date }[]>`select recorded_at as at from events where shard = ${shard} and position = ${position}`)[0]?.at.getTime() ?? 0;
  const oldestAt = async (replayedTo: bigint) => {
    await admin`
      insert into consumer_checkpoints (consumer_group, shard, position, replayed_to, replayed_at) values ('replayed', ${shard}, 0, ${replayedTo}, clock_timestamp())
      on conflict (consumer_group, shard) do update set replayed_to = excluded.replayed_to`;
    const atMs = Date.now();
    return atMs - ((await lookAtBackbone(sql, atMs)).groups.find(({ group }) => group === "replayed")?.oldestMs ?? 0);
  };
  const from = Date.now();
  expect(await oldestAt(0n)).toBe(await recorded(1n));
  expect(await oldestAt(1_000_000n)).toBeGreaterThanOrEqual(from - 1_000);
  expect(await oldestAt(4n)).toBe(await recorded(5n));
  await admin`delete from consumer_checkpoints where consumer_group = 'replayed'`;
});

test("a consumer that comes later begins with the first event, or with what happens from now on, as it says itself", async () => {
  const types = ["stock.ingredient.created"];
  const milk = await ingredient([]);
  await run([{ ...effectConsumer("late-all"), types }, { ...effectConsumer("late-head", undefined, { startsAt: "head" }), types }], "late").started;
  const cream = await ingredient([]);
  const groups = async (subject: string) => (await admin<{ grp: string }[]>`select grp from effects where subject = ${subject} and grp like 'late-%' order by grp`).map(({ grp }) => grp);
  await soon("the later event", async () => (await groups(cream)).length === 2);
  await soon("the earlier event", async () => (await groups(milk)).length === 1);
  expect(await groups(milk)).toEqual(["late-all"]);
});

test("an operator sees lag by positions, what was done, what waits and what failed; /metrics tells the same", async () => {
  broken.add(newId("ingredient"));
  const [milk = ""] = broken;
  result(await manager.api.catalog.createIngredient.mutate(frame({ ingredient: milk, name: "Milk", unit: "ml" as const, lowBelow: "1" })));
  const { id } = await deadLetterOf(milk);
  const status = () => manager.api.operation.status.query();
  let seen = await status();
  const groupOf = (name: string) => seen.groups.find(({ group }) => group === name);
  await soon("a look that has seen it", async () => {
    seen = await status();
    const [picked, stock] = [groupOf("picky"), groupOf("stock")];
    return picked?.deadLetters === 1 && picked.failedInAMinute > 0 && stock?.lag === 0 && seen.publish.behind === 0;
  });
  expect(seen).toMatchObject({ publish: { redis: "up", behind: 0, ahead: false }, printers: [] });
  expect(seen.atMs).not.toBeNull();
  expect(seen.groups.map(({ group }) => group)).toEqual(["late-all", "late-head", "operations", "picky", "stock"]);
  const stock = seen.groups.find(({ group }) => group === "stock");
  expect(stock).toMatchObject({ lag: 0, oldestMs: null, owners: 1, parkedEvents: 0, deadLetters: 0 });
  expect(stock).toMatchObject({ parkedMs: null });
  await admin`insert into parked_events (consumer_group, shard, position, keys, organizer_id, parked_at) values ('picky', 0, 999999, '{a,b}', ${place.organizer}, clock_timestamp() - interval '90 s')`;
  await soon("a look that has seen what is parked", async () => (await status()).groups.some(({ group, parkedEvents }) => group === "picky" && parkedEvents === 1));
  const parked = (await status()).groups.find(({ group }) => group === "picky");
  expect(parked).toMatchObject({ parkedEvents: 1, parkedKeys: 2 });
  expect(parked?.parkedMs).toBeGreaterThanOrEqual(90_000);
  await admin`delete from parked_events where consumer_group = 'picky'`;
  expect(stock?.shards).toHaveLength(16);
  expect(Number(stock?.shards.find(({ shard }) => shard === shardOf(place.merchant))?.checkpoint)).toBeGreaterThan(10);

  const { deadLetters } = await manager.api.operation.deadLetters.query({ before: null });
  expect(deadLetters[0]).toMatchObject({ deadLetter: id, group: "picky", type: "stock.ingredient.created", reason: "Error: no such shelf", attempts: 1, state: "open", blocks: true });
  expect(deadLetters[0]).toMatchObject({ event: expect.stringMatching(/^evt_/), shard: shardOf(place.merchant), about: { kind: "ingredient", stream: milk, name: "Milk", number: null }, decision: null });
  const [inLog] = await admin<{ position: string; at: Date }[]>`select position::text, recorded_at as at from events where id = ${deadLetters[0]?.event ?? ""}`;
  expect([deadLetters[0]?.position, deadLetters[0]?.recordedAt]).toEqual([inLog?.position, inLog?.at]);
  expect(deadLetters.map(({ state }) => state).slice(1)).toEqual(["discarded", "resolved"]);
  // Of several decisions on one the last.
  expect(deadLetters.map(({ decision }) => decision).slice(1)).toMatchObject([{ decision: "discard", by: "Sofia", why: "entered by hand" }, { decision: "retry", by: "Sofia", why: "the shelf is there now" }]);
  expect((await manager.api.operation.deadLetters.query({ before: id })).deadLetters).toEqual(deadLetters.slice(1));
  const runs = await manager.api.operation.maintenance.query();
  expect(runs.map(({ kind, state }) => `${kind} ${state}`)).toEqual(["replay completed", "replay completed", "rebuild completed", "rebuild completed", "rebuild failed", "rebuild completed", "rebuild completed", "rebuild completed"]);
  const waiter = await place.login("Luca", ["order.take"]);
  expect(await failure(waiter.api.operation.status.query())).toMatchObject({ refused: "capability-missing" });
  const other = await makePlace(fixture);
  const stranger = await other.login("Eve");
  expect((await stranger.api.operation.deadLetters.query({ before: null })).deadLetters).toEqual([]);
  expect(await stranger.api.operation.maintenance.query()).toEqual([]);

  const metrics = await (await fetch(`${fixture.url}/metrics`)).text();
  expect(metrics).toContain(`comanda_consumer_lag{group="stock",shard="${shardOf(place.merchant)}"} 0`);
  expect(metrics).toContain('comanda_dead_letters{group="picky"} 1');
  expect(metrics).toMatch(/comanda_consumer_applied_total\{group="stock"\} [1-9]/);
  expect(metrics).toMatch(/comanda_consumer_failed_total\{group="picky"\} [1-9]/);
  expect(metrics).toContain('comanda_alert{rule="publishing-stalled"} 0');
  expect(metrics).toMatch(/comanda_events_total [1-9]/);
  expect(metrics).toContain('comanda_publish_state{state="up"} 1');
  expect(metrics).toMatch(/comanda_look_age_seconds \d/);
  for (const private_ of [place.merchant, place.organizer, milk]) expect(metrics).not.toContain(private_);
});

test("RUN-5e: what a person discarded is not given again, however long ago that was, and a comparison finds nothing", async () => {
  const milk = await ingredient(["1000"]);
  await soon("the count", async () => (await onHand(milk)) === "1000.000");
  spilled.add(milk);
  result(await manager.api.stock.countIngredient.mutate(frame({ ingredient: milk, quantity: "700", reason: "count" })));
  const { id } = await deadLetterOf(milk);
  spilled.clear();
  const kept = () => admin<{ position: bigint; by: string }[]>`select position, decided_by as by from dead_letters where id = ${id} and state = 'discarded'`;
  const replay = async (after: bigint) => {
    const maintenance = newId("maintenance");
    result(await place.operator.system.replay.mutate(frame({ maintenance, group: "stock" as const, from: { kind: "position" as const, shard: shardOf(place.merchant), after: String(after) }, reason: "once more" })));
    return maintenance;
  };
  const found = async () => [await onHand(milk), await movements(milk)];
  // Decided while nobody was there to carry it out: the replay comes first.
  await house.stop();
  const operations = run([operationsConsumer]);
  result(await manager.api.system.discardDeadLetter.mutate(frame({ deadLetter: id, reason: "it was another shelf" })));
  await soon("the decision", async () => (await admin`select from dead_letter_decisions where dead_letter_id = ${id}`).length === 1);
  expect(await kept()).toEqual([]);
  const first = await replay(0n);
  await soon("discarded", async () => (await kept()).length === 1);
  await operations.stop();
  await startHouse();
  expect(await runOf(first)).toMatchObject({ state: "completed" });
  expect(await found()).toEqual(["1000.000", ["1000.000"]]);
  await soon("carried out", async () => (await admin`select from dead_letter_decisions where dead_letter_id = ${id} and done_at is null`).length === 0);
  const [letter] = await kept();
  expect(letter?.by).toBe(`staff:${manager.staff}`);

  // And weeks later.
  await admin`update dead_letters set recorded_at = recorded_at - interval '15 days' where id = ${id}`;
  await forgetOldDeadLetters(sql, new Date());
  expect(await runOf(await replay((letter?.position ?? 1n) - 1n))).toMatchObject({ state: "completed" });
  expect(await found()).toEqual(["1000.000", ["1000.000"]]);
  const comparison = newId("maintenance");
  result(await place.operator.system.compare.mutate(frame({ maintenance: comparison, group: "stock" as const, reason: "is it so" })));
  expect(await runOf(comparison)).toMatchObject({ state: "completed", differing: 0n });
});

test("RUN-4e: a dead letter that nobody decided on is kept however long; one that a replay gave again says so, and is kept for two weeks more", async () => {
  const milk = await ingredient(["1000"]);
  await soon("the count", async () => (await onHand(milk)) === "1000.000");
  spilled.add(milk);
  result(await manager.api.stock.countIngredient.mutate(frame({ ingredient: milk, quantity: "700", reason: "count" })));
  const { id } = await deadLetterOf(milk);
  result(await manager.api.system.retryDeadLetter.mutate(frame({ deadLetter: id, reason: "perhaps" })));
  await soon("its coming back", async () => (await eventsOf(id)).length === 3);
  const listed = async () => (await manager.api.operation.deadLetters.query({ before: null })).deadLetters.find(({ deadLetter }) => deadLetter === id);
  await admin`update dead_letters set recorded_at = recorded_at - interval '100 days' where id = ${id}`;
  await forgetOldDeadLetters(sql, new Date());
  expect(await listed()).toMatchObject({ state: "open", blocks: false, decision: { decision: "retry", by: "Sofia", why: "perhaps" } });

  spilled.clear();
  const maintenance = newId("maintenance");
  result(await place.operator.system.replay.mutate(frame({ maintenance, group: "stock" as const, from: { kind: "position" as const, shard: shardOf(place.merchant), after: "0" }, reason: "the shelf is mended" })));
  expect(await runOf(maintenance)).toMatchObject({ state: "completed" });
  expect(await onHand(milk)).toBe("700.000");
  await forgetOldDeadLetters(sql, new Date());
  expect(await listed()).toMatchObject({ state: "resolved", decision: { decision: "replay", why: "the shelf is mended" } });
  await admin`update dead_letters set decided_at = decided_at - interval '15 days' where id = ${id}`;
  await forgetOldDeadLetters(sql, new Date());
  expect(await listed()).toBeUndefined();
});

test("LOG-7: that a standby took over which may have lagged stands on the operator's page, in /healthz and in /metrics", async () => {
  const health = async () => (await (await fetch(`${fixture.url}/healthz`)).json()) as { epoch: string; epochStarted: { reason: string } | null };
  const before = await health();
  expect(before.epochStarted).toMatchObject({ reason: "installation" });
  const epoch = await startNewEpoch(admin, { from: before.epoch, reason: "promotion", now: Date.now() });
  await soon("the page", async () => (await manager.api.operation.status.query()).alerts.some((alert) => alert.rule === "new-epoch" && alert.reason === "promotion"));
  // The page asks Postgres; the hub itself hears of it when it looks next.
  await soon("the hub", async () => (await health()).epoch === epoch);
  expect(await health()).toMatchObject({ epoch, epochStarted: { reason: "promotion" } });
  expect(await (await fetch(`${fixture.url}/metrics`)).text()).toContain('comanda_alert{rule="new-epoch"} 1');
});
