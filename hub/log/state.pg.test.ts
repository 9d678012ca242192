import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, inTenant, type Sql } from "#hub/db/client.ts";
import { postgres } from "#hub/db/driver.ts";
import { NewerState } from "./newer-state.ts";
import { loadActive } from "./load.ts";
import { readStream } from "./read.ts";
import { change, command, guard, newMerchant, newOrder } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";

let it: LogUnderTest;
let hub: Sql;
beforeAll(async () => {
  it = await openLog();
  hub = connect(it.database.hubUrl, { max: 2 });
});
afterAll(async () => {
  await hub.end();
  await it.close();
});

describe("LOG-5 state inline", () => {
  test("parts are rows: only those that changed are written, a null removes one", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    await it.log.append(command(owner, [change(stream, 0, { parts: { a: { n: 1 }, b: { n: 1 }, c: { n: 1 } } })]));
    const before = await it.admin<{ part: string; xmin: string }[]>`select part, xmin::text from aggregate_parts where stream = ${stream} order by part`;
    await it.log.append(command(owner, [change(stream, 1, { parts: { a: { n: 2 }, b: null } })]));
    const after = await it.admin<{ part: string; xmin: string }[]>`select part, xmin::text from aggregate_parts where stream = ${stream} order by part`;
    expect(after.map(({ part }) => part)).toEqual(["a", "c"]);
    expect(after[1]?.xmin).toBe(before[2]?.xmin);
    const [state] = await it.log.load([{ stream, kind: "order" }], owner);
    expect(state).toEqual({
      stream,
      kind: "order",
      version: 2,
      evolveVersion: 1,
      head: { version: 2, note: "" },
      parts: new Map([["a", { n: 2 }], ["c", { n: 1 }]]),
    });
  });

  test("many loads at once are answered each with its own states; what is missing or foreign has version 0", async () => {
    const owner = newMerchant();
    const stranger = newMerchant();
    const streams = Array.from({ length: 20 }, newOrder);
    await Promise.all(streams.map((stream) => it.log.append(command(owner, [change(stream, 0, { note: stream })]))));
    const states = await Promise.all(streams.map((stream) => it.log.load([{ stream, kind: "order" }, { stream: "ord_none", kind: "check" }], owner)));
    expect(states.map(([state]) => (state?.head as { note: string } | undefined)?.note)).toEqual(streams);
    expect(states[0]?.[1]).toEqual({ stream: "ord_none", kind: "check", version: 0, evolveVersion: 0, head: null, parts: new Map() });
    const [foreign] = await it.log.load([{ stream: streams[0] ?? "", kind: "order" }], stranger);
    expect(foreign?.version).toBe(0);
  });

  test("a snapshot has the active states with their parts and no other", async () => {
    const owner = newMerchant();
    const [open, closed, check] = [newOrder(), newOrder(), newOrder()];
    await it.log.append(command(owner, [change(open, 0, { parts: { a: 1 } }), change(closed, 0)]));
    await it.log.append(command(owner, [change(check, 0, { kind: "check" })]));
    const gone = change(closed, 1);
    await it.log.append(command(owner, [{ ...gone, state: { ...gone.state!, active: false } }]));
    const states = await inTenant(hub, owner, (tx) => loadActive(tx, owner.merchantId, ["order"]));
    expect(states.map(({ stream, parts }) => [stream, [...parts]])).toEqual([[open, [["a", 1]]]]);
  });

  test("a hub whose fold is older refuses to write over a newer state", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    const newer = change(stream, 0);
    await it.log.append(command(owner, [{ ...newer, state: { ...newer.state!, evolveVersion: 2 } }]));
    await expect(it.log.append(command(owner, [change(stream, 1)]))).rejects.toBeInstanceOf(NewerState);
    expect((await it.log.append(command(owner, [guard(stream, 1), change(newOrder(), 0)]))).outcome).toBe("appended");
    expect(await readStream(it.admin, stream)).toHaveLength(1);
  });

  test("a stream's events can be read from the beginning, to fold them again", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    for (let version = 0; version < 3; version++) await it.log.append(command(owner, [change(stream, version)]));
    const events = await readStream(it.admin, stream);
    expect(events.map(({ text }) => (JSON.parse(text) as { streamversion: number }).streamversion)).toEqual([1, 2, 3]);
    expect(await readStream(it.admin, stream, 2)).toEqual(events.slice(2));
  });

  test("one plan serves every load, made for large tables whatever it was made on", async () => {
    const notices: string[] = [];
    const sql = postgres(it.database.adminUrl, { max: 1, fetch_types: false, onnotice: ({ message }) => void notices.push(message ?? "") });
    try {
      await sql.unsafe("load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set client_min_messages = log; set role comanda_hub");
      const owner = newMerchant();
      const stream = newOrder();
      await it.log.append(command(owner, [change(stream, 0, { parts: { a: 1 } })]));
      expect(await sql`select * from load_states(${owner.organizerId}, ${owner.merchantId}, array[${stream}])`).toHaveLength(2);
    } finally {
      await sql.end();
    }
    const plan = notices.find((message) => message.includes("aggregate_parts")) ?? "";
    // Of a plan made for this one call the streams themselves would stand here.
    expect(plan.match(/Index Cond: \(stream = ANY \(\$\d\)\)/g)).toHaveLength(2);
    expect(plan).not.toMatch(/Seq Scan|Bitmap/);
  });
});
