import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shardOf } from "#shared/shards.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { readRange } from "./read.ts";
import { change, command, event, guard, newMerchant, newOrder, ulid } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";

let it: LogUnderTest;
beforeAll(async () => {
  it = await openLog();
});
afterAll(() => it.close());

describe("LOG-1 positions", () => {
  test("are gapless per shard when two hubs append to the same shards at once", async () => {
    const other = await it.another();
    const owners = Array.from({ length: 6 }, newMerchant);
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, (_, i) => {
        const owner = owners[i % owners.length] ?? newMerchant();
        return (i % 2 === 0 ? it.log : other).append(command(owner, [change(newOrder(), 0, { events: [event(), event()] })]));
      }),
    );
    expect(outcomes.every(({ outcome }) => outcome === "appended")).toBe(true);
    for (const shard of new Set(owners.map(({ merchantId }) => shardOf(merchantId)))) {
      const positions = (await readRange(it.admin, shard, 0n, 1_000)).map(({ position }) => position);
      expect(positions).toEqual(positions.map((_, i) => BigInt(i + 1)));
    }
  });

  test("and a command's events lie beside each other, with times that never go back", async () => {
    const rows = await it.admin<{ shard: number; command_id: string; recorded_at: Date }[]>`
      select shard, command_id, recorded_at from events order by shard, position`;
    const closed = new Set<string>();
    for (const [i, row] of rows.entries()) {
      const before = rows[i - 1];
      if (before === undefined) continue;
      if (before.command_id !== row.command_id) closed.add(before.command_id);
      expect(closed.has(row.command_id)).toBe(false);
      if (before.shard === row.shard) expect(row.recorded_at.getTime()).toBeGreaterThanOrEqual(before.recorded_at.getTime());
    }
  });

  test("are refused to a caller whose snapshot is older than the lock", async () => {
    const repeatable = it.admin.begin("isolation level repeatable read", async (tx) => {
      await it.log.appendInTransaction(tx, [command(newMerchant(), [change(newOrder(), 0)])]);
    });
    await expect(repeatable).rejects.toThrow(/READ COMMITTED/);
  });
});

test("the answer's envelope is the stored one, byte for byte, with every key of the contract", async () => {
  const owner = newMerchant();
  const stream = newOrder();
  const sent = command(owner, [change(stream, 0, { events: [event({ note: 'Phở "bò" \\u0000 \n' }), event({ n: 2 })] })], {
    causationId: "evt_1",
    traceparent: "00-1-2-01",
  });
  const appended = await it.log.append(sent);
  if (appended.outcome !== "appended") throw new Error(appended.outcome);
  const stored = await readRange(it.admin, appended.shard, (appended.from ?? 0n) - 1n, 10);
  expect(stored.map(({ text }) => text)).toEqual(appended.events);
  expect(appended.versions).toEqual(new Map([[stream, 2]]));
  const envelopes = appended.events.map((text) => JSON.parse(text) as Envelope);
  expect(envelopes[0]).toEqual({
    specversion: "1.0",
    type: "sale.order.updated",
    source: "/hub",
    id: sent.changes[0]?.events[0]?.id,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    datacontenttype: "application/json",
    subject: stream,
    data: { note: 'Phở "bò" \\u0000 \n' },
    organizerid: owner.organizerId,
    merchantid: owner.merchantId,
    position: String(appended.from),
    streamversion: 1,
    occurredat: "2026-11-20T12:00:00.000Z",
    businessdate: "2026-11-20",
    commandid: sent.commandId,
    correlationid: sent.commandId,
    causationid: "evt_1",
    actor: "staff:stf_1",
    traceparent: "00-1-2-01",
    dataversion: 1,
  });
  expect(envelopes[1]).toMatchObject({ position: String(appended.to), streamversion: 2, data: { n: 2 } });
});

describe("LOG-3 all or nothing", () => {
  test("two commands on one order at once: one is in, the other is told the version to decide on again", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    const outcomes = await Promise.all([1, 2].map(() => it.log.append(command(owner, [change(stream, 0)]))));
    expect(outcomes[0]).toMatchObject({ outcome: "appended" });
    expect(outcomes[1]).toEqual({ outcome: "conflict", streams: [{ stream, version: 1 }] });
  });

  test("a two-stream command with one stale version writes neither stream, and the rest of its batch is in", async () => {
    const owner = newMerchant();
    const [fresh, stale] = [newOrder(), newOrder()];
    await it.log.append(command(owner, [change(stale, 0)]));
    const split = command(owner, [change(fresh, 0), change(stale, 0)]);
    const [one, two, three] = await Promise.all([
      it.log.append(command(owner, [change(newOrder(), 0)])),
      it.log.append(split),
      it.log.append(command(newMerchant(), [change(newOrder(), 0)])),
    ]);
    expect(two).toEqual({ outcome: "conflict", streams: [{ stream: stale, version: 1 }] });
    expect([one?.outcome, three?.outcome]).toEqual(["appended", "appended"]);
    expect(await it.admin`select from aggregates where stream = ${fresh}`).toHaveLength(0);
    expect(await it.admin`select from events where command_id = ${split.commandId}`).toHaveLength(0);
    expect(await it.admin`select from commands where command_id = ${split.commandId}`).toHaveLength(0);
  });

  test("a guard that has moved refuses, one that has not lets pass and stays where it was", async () => {
    const owner = newMerchant();
    const watched = newOrder();
    await it.log.append(command(owner, [change(watched, 0)]));
    expect(await it.log.append(command(owner, [change(newOrder(), 0), guard(watched, 0)]))).toMatchObject({ outcome: "conflict" });
    expect(await it.log.append(command(owner, [change(newOrder(), 0), guard(watched, 1)]))).toMatchObject({ outcome: "appended" });
    expect(await it.admin`select version from aggregates where stream = ${watched}`).toEqual([{ version: 1n }]);
  });

  test("a commutative stream takes the next version whatever it is", async () => {
    const owner = newMerchant();
    const stream = `countdown-${ulid()}`;
    const taken = { stream, kind: "countdown", expected: "any" as const, events: [event()] };
    const outcomes = await Promise.all([1, 2, 3].map(() => it.log.append(command(owner, [taken]))));
    expect(outcomes.map((o) => (o.outcome === "appended" ? o.versions.get(stream) : o.outcome))).toEqual([1, 2, 3]);
  });
});

describe("LOG-4 idempotency", () => {
  test("one id twice in a batch and again later: written once, the first answer every time", async () => {
    const owner = newMerchant();
    const sent = command(owner, [change(newOrder(), 0)], { answer: '{"table":"T5"}' });
    const [first, second] = await Promise.all([it.log.append(sent), it.log.append(sent)]);
    const third = await it.log.append({ ...sent, answer: '{"table":"T6"}' });
    if (first?.outcome !== "appended") throw new Error(first?.outcome);
    const { shard, from, to } = first;
    for (const repeat of [second, third]) expect(repeat).toEqual({ outcome: "repeat", answer: '{"table":"T5"}', shard, from, to });
    expect(await it.admin`select from events where command_id = ${sent.commandId}`).toHaveLength(1);
  });

  test("a repeat gets the first answer although its streams have moved since", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    const sent = command(owner, [change(stream, 0)]);
    await it.log.append(sent);
    await it.log.append(command(owner, [change(stream, 1)]));
    expect(await it.log.append(sent)).toMatchObject({ outcome: "repeat", answer: sent.answer });
  });

  test("a final refusal is repeated too", async () => {
    const refusal = command(newMerchant(), [], { answer: '{"refused":"sold-out"}' });
    expect(await it.log.append(refusal)).toMatchObject({ outcome: "appended", events: [] });
    expect(await it.log.append(refusal)).toMatchObject({ outcome: "repeat", answer: '{"refused":"sold-out"}' });
  });

  test("another hash, or another owner, under the same id is refused", async () => {
    const sent = command(newMerchant(), [change(newOrder(), 0)]);
    const otherHash = { ...sent, hash: "0".repeat(64) };
    const [first, second] = await Promise.all([it.log.append(sent), it.log.append(otherHash)]);
    expect([first?.outcome, second?.outcome]).toEqual(["appended", "reused-id"]);
    expect(await it.log.append(otherHash)).toEqual({ outcome: "reused-id" });
    expect(await it.log.append({ ...sent, ...newMerchant() })).toEqual({ outcome: "reused-id" });
  });

  test("an id that is older than is kept, or of the day after tomorrow, is refused", async () => {
    const day = 86_400_000;
    const of = (days: number) => command(newMerchant(), [change(newOrder(), 0)], { commandId: ulid(Date.now() + days * day) });
    expect(await it.log.append(of(-91))).toEqual({ outcome: "too-old" });
    expect(await it.log.append(of(2))).toEqual({ outcome: "too-old" });
    expect((await it.log.append(of(-89))).outcome).toBe("appended");
    expect((await it.log.append(of(0.9))).outcome).toBe("appended");
  });
});
