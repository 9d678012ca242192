import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SHARD_COUNT, shardOf } from "#shared/shards.ts";
import type { EventLog } from "./append.ts";
import { InvalidCommand } from "./encode.ts";
import { change, command, event, newMerchant, newOrder, type Owner } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import { MalformedText } from "./well-formed.ts";

let it: LogUnderTest;
beforeAll(async () => {
  it = await openLog({ busyMs: 600 });
});
afterAll(() => it.close());

const LOCK_CLASS = 2666632;

function merchantOf(shard: number): Required<Owner> {
  for (;;) {
    const merchant = newMerchant();
    if (shardOf(merchant.merchantId) === shard) return merchant;
  }
}

describe("LOG-2 group commit", () => {
  test("a transaction that stalls with one shard's lock stops that shard only, and only for a bounded time", async () => {
    let release = () => {};
    const holding = new Promise<void>((resolve) => (release = resolve));
    let locked = () => {};
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const stalled = it.admin.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${LOCK_CLASS}, 0)`;
      locked();
      await holding;
    });
    await isLocked;

    // More than a batch holds, so that they would crowd the others out if they could.
    const stuckIn = (log: EventLog) => Array.from({ length: 300 }, () => log.append(command(merchantOf(0), [change(newOrder(), 0)])));
    const patient = await it.another({ busyMs: 60_000 });
    let answered = 0;
    const waiting = stuckIn(patient).map((each) => each.finally(() => answered++));
    for (let round = 0; round < 5; round++) {
      const others = Array.from({ length: SHARD_COUNT - 1 }, (_, i) => patient.append(command(merchantOf(i + 1), [change(newOrder(), 0)])));
      expect((await Promise.all(others)).every(({ outcome }) => outcome === "appended")).toBe(true);
    }
    expect(answered).toBe(0);
    const refused = await Promise.all(stuckIn(it.log));
    expect(new Set(refused.map((o) => JSON.stringify(o)))).toEqual(new Set(['{"outcome":"unavailable","reason":"shard-busy"}']));

    release();
    await stalled;
    expect(new Set((await Promise.all(waiting)).map(({ outcome }) => outcome))).toEqual(new Set(["appended"]));
  });

  test("commands on one order are appended in the order they came, one a batch", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => it.log.append(command(owner, [change(stream, i)]))));
    expect(outcomes.every(({ outcome }) => outcome === "appended")).toBe(true);
  });

  test("more than may wait is refused as overloaded", async () => {
    const small = await it.another({ queueCommands: 5 });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => small.append(command(newMerchant(), [change(newOrder(), 0)]))));
    expect(outcomes.filter(({ outcome }) => outcome === "appended")).toHaveLength(5);
    expect(outcomes.slice(5)).toEqual(Array.from({ length: 3 }, () => ({ outcome: "unavailable", reason: "overloaded" })));
    expect(small.state().append.queue).toEqual({ queue: "append", length: 0, bound: 5, full: 3 });
  });

  test("one place's flood is refused as overloaded, while another place of its shard is written", async () => {
    const small = await it.another({ queueOfOwner: 3 });
    const [flood, neighbour] = [newMerchant(), newMerchant()];
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => small.append(command(flood, [change(newOrder(), 0)]))).concat(small.append(command(neighbour, [change(newOrder(), 0)]))));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([...Array<string>(3).fill("appended"), ...Array<string>(7).fill("unavailable"), "appended"]);
  });
});

describe("LOG-3 bad data", () => {
  const NUL = "\u0000";

  test("NUL in a note, in a part, in an answer: refused at the door, and nobody else notices", async () => {
    const owner = newMerchant();
    const good = it.log.append(command(owner, [change(newOrder(), 0)]));
    const bad = [
      command(owner, [change(newOrder(), 0, { note: `no onions${NUL}` })]),
      command(owner, [change(newOrder(), 0, { parts: { item: { note: NUL } } })]),
      command(owner, [change(newOrder(), 0, { parts: { [`item${NUL}`]: {} } })]),
      command(owner, [change(newOrder(), 0)], { answer: `"${NUL}"` }),
      command(owner, [change(newOrder(), 0, { events: [event({ note: "half \ud83d of a smile" })] })]),
    ];
    for (const each of bad) await expect(it.log.append(each)).rejects.toBeInstanceOf(MalformedText);
    expect((await good).outcome).toBe("appended");
  });

  test("what looks like an escape, whole pairs and control characters are kept as they are", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    const note = 'C:\\u0000 \\ud83d 😀 \u001f \u001e \u0007 "';
    await it.log.append(command(owner, [change(stream, 0, { note, parts: { a: { note } } })]));
    const [state] = await it.log.load([{ stream, kind: "order" }], owner);
    expect(state?.head).toMatchObject({ note });
    expect(state?.parts.get("a")).toEqual({ note });
  });

  test("a batch that fails on data is run again one at a time: the culprit alone is told", async () => {
    const owner = newMerchant();
    const culprit = command(owner, [change(newOrder(), 0, { events: [event()] })]);
    // Passes the door, and breaks a check of the table: the batch fails as a whole.
    await it.admin.unsafe(`alter table events add constraint no_poison check (type <> 'test.poison')`);
    const poisoned = { ...culprit, changes: [{ ...culprit.changes[0]!, events: [event({}, "test.poison")] }] };
    const [before, failed, after] = await Promise.allSettled([
      it.log.append(command(newMerchant(), [change(newOrder(), 0)])),
      it.log.append(poisoned),
      it.log.append(command(newMerchant(), [change(newOrder(), 0)])),
    ]);
    expect(failed).toMatchObject({ status: "rejected", reason: expect.objectContaining({ code: "23514" }) });
    for (const each of [before, after]) expect(each).toMatchObject({ status: "fulfilled", value: { outcome: "appended" } });
  });

  test.each([
    ["an id that is no ULID", { commandId: "01H" }],
    ["a hash that is no SHA-256", { hash: "abc" }],
    ["a count that is no number", { counts: [{ product: "prd_1", take: "1; drop table events" }] }],
    ["a negative count", { counts: [{ product: "prd_1", take: "-1" }] }],
    ["a product that is set and taken", { counts: [{ product: "prd_1", set: "3" }, { product: "prd_1", take: "1" }] }],
    ["an empty answer", { answer: "" }],
  ])("a command of a broken writer is a bug: %s", async (_, broken) => {
    await expect(it.log.append(command(newMerchant(), [], broken))).rejects.toBeInstanceOf(InvalidCommand);
  });

  test("a stream named twice is a bug, and so is a name with a control character", async () => {
    const stream = newOrder();
    await expect(it.log.append(command(newMerchant(), [change(stream, 0), change(stream, 1)]))).rejects.toBeInstanceOf(InvalidCommand);
    await expect(it.log.append(command(newMerchant(), [change("ord\u001f1", 0)]))).rejects.toBeInstanceOf(InvalidCommand);
  });
});
