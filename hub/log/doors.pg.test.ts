import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, inTenant, type Sql } from "#hub/db/client.ts";
import { shardOf } from "#shared/shards.ts";
import { AppendRetry } from "./append-in-transaction.ts";
import { heads, readMerchant, readOrganizer, readRange } from "./read.ts";
import { change, command, newMerchant, newOrder, ulid, type Owner } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";

let it: LogUnderTest;
let hub: Sql;
let consumer: Sql;
const mine = newMerchant();
const theirs = newMerchant();
/** Another place of my own business. */
const sibling: Required<Owner> = { organizerId: mine.organizerId, merchantId: `mer_${ulid()}` };
const TABLES = ["events", "commands", "aggregates", "aggregate_parts", "countdowns"];

beforeAll(async () => {
  it = await openLog();
  hub = connect(it.database.hubUrl, { max: 2 });
  consumer = connect(it.database.consumerUrl, { max: 2 });
  for (const owner of [mine, theirs, sibling, { organizerId: mine.organizerId }, { organizerId: theirs.organizerId }]) {
    const counts = "merchantId" in owner ? [{ product: `prd_${ulid()}`, set: "3" }] : [];
    await it.log.append(command(owner, [change(newOrder(), 0, { parts: { a: 1 } })], { counts }));
  }
});
afterAll(async () => {
  await Promise.all([hub.end(), consumer.end()]);
  await it.close();
});

describe("LOG-8 the hub's role", () => {
  test.each(TABLES)("reads its tenant's rows of %s, the organizer's own, and no others", async (table) => {
    const owners = (rows: { merchant_id: string | null; organizer_id: string }[]) => new Set(rows.map((row) => row.merchant_id ?? row.organizer_id));
    const seen = await inTenant(hub, mine, (tx) => tx<{ merchant_id: string | null; organizer_id: string }[]>`select merchant_id, organizer_id from ${tx(table)}`);
    expect(owners(seen)).toEqual(new Set(table === "countdowns" ? [mine.merchantId] : [mine.merchantId, mine.organizerId]));
    const asOrganizer = await inTenant(hub, { organizerId: mine.organizerId }, (tx) => tx<{ merchant_id: string | null; organizer_id: string }[]>`select merchant_id, organizer_id from ${tx(table)}`);
    expect(owners(asOrganizer)).toEqual(new Set(table === "countdowns" ? [] : [mine.organizerId]));
  });

  test.each(TABLES)("sees nothing of %s without a tenant, and nothing after one either", async (table) => {
    await inTenant(hub, mine, (tx) => tx`select 1`);
    expect(await hub`select from ${hub(table)}`).toHaveLength(0);
    const empty = await hub.begin(async (tx) => {
      await tx`select set_config('app.merchant_id', '', true), set_config('app.organizer_id', '', true)`;
      return tx`select from ${tx(table)}`;
    });
    expect(empty).toHaveLength(0);
  });

  test.each([...TABLES, "log_meta"])("writes nothing into %s past the function, and nor does the consumers' role", async (table) => {
    for (const sql of [hub, consumer]) {
      await expect(sql`delete from ${sql(table)}`).rejects.toMatchObject({ code: "42501" });
      await expect(sql.unsafe(`insert into ${table} default values`)).rejects.toMatchObject({ code: "42501" });
      await expect(sql.unsafe(`truncate ${table}`)).rejects.toMatchObject({ code: "42501" });
    }
    await expect(hub`update events set envelope = ''`).rejects.toMatchObject({ code: "42501" });
  });

  test("cannot reach a month's partition past its parent", async () => {
    const partitions = await it.admin<{ name: string }[]>`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'commands'::regclass`;
    expect(partitions.length).toBeGreaterThan(3);
    for (const { name } of partitions) await expect(hub`select from ${hub(name)}`).rejects.toMatchObject({ code: "42501" });
  });

  test("every table of the log has row-level security, forced", async () => {
    const open = await it.admin`
      select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
      and (relname = any(${[...TABLES, "log_meta"]}) or relname like 'commands%') and not (relrowsecurity and relforcerowsecurity)`;
    expect(open).toEqual([]);
  });
});

describe("LOG-8 the function", () => {
  test("is nobody's but the two roles', with a fixed search_path", async () => {
    const functions = await it.admin<{ name: string; owner: string; acl: string; config: string[] | null }[]>`
      select proname as name, proowner::regrole::text as owner, proacl::text as acl, proconfig as config
      from pg_proc where pronamespace = 'public'::regnamespace and proname like 'log\\_%' and prosecdef`;
    expect(functions.map(({ name }) => name).sort()).toEqual(["log_append", "log_erase_answers", "log_erase_guest", "log_heads", "log_keep_epoch", "log_keep_partitions", "log_start_epoch"]);
    for (const { name, owner, acl, config } of functions) {
      expect(owner).toBe(name === "log_keep_partitions" ? "comanda_owner" : "comanda_log");
      expect(config?.some((setting) => setting.startsWith("search_path=pg_catalog"))).toBe(true);
      // An entry that begins with "=" would be PUBLIC's.
      expect(acl).not.toMatch(/[{,]=/);
      // No request rewrites what was written: the consumer that erases a guest does, on an event that says who asked for it.
      if (name.startsWith("log_erase_")) expect(acl).not.toContain("comanda_hub");
    }
  });

  test("refuses a stream that is somebody else's, also under the same organizer, and writes nothing of the command", async () => {
    const stream = newOrder();
    await it.log.append(command(mine, [change(stream, 0)]));
    for (const stranger of [theirs, sibling, { organizerId: mine.organizerId }]) {
      const own = newOrder();
      const outcome = await it.log.append(command(stranger, [change(own, 0), change(stream, 1)]));
      expect(outcome).toEqual({ outcome: "foreign-stream", stream });
      expect(await it.admin`select from aggregates where stream = ${own}`).toHaveLength(0);
    }
  });

  test("refuses to count another's product", async () => {
    const product = `prd_${ulid()}`;
    await it.log.append(command(mine, [], { counts: [{ product, set: "3" }] }));
    for (const counts of [[{ product, take: "1" }], [{ product, set: "9" }]]) {
      expect(await it.log.append(command(theirs, [], { counts }))).toEqual({ outcome: "foreign-stream", stream: product });
    }
  });
});

describe("LOG-8 consumers", () => {
  test("read every tenant's events and append in their own transaction: rolled back, nothing is in", async () => {
    const shard = shardOf(theirs.merchantId);
    expect((await readRange(consumer, shard, 0n, 100)).length).toBeGreaterThan(0);
    const stream = newOrder();
    const failing = consumer.begin(async (tx) => {
      const { outcomes } = await it.log.appendInTransaction(tx, [command(mine, [change(stream, 0)]), command(mine, [change(stream, 1)])]);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(["appended", "appended"]);
      throw new Error("the handler's own");
    });
    await expect(failing).rejects.toThrow("the handler's own");
    expect(await it.admin`select from aggregates where stream = ${stream}`).toHaveLength(0);
    const { events } = await consumer.begin((tx) => it.log.appendInTransaction(tx, [command(mine, [change(stream, 0)])]));
    expect(events).toHaveLength(1);
  });

  test("are told to roll back and try again at a version conflict and at a lock that stays busy", async () => {
    const stale = consumer.begin((tx) => it.log.appendInTransaction(tx, [command(mine, [change(newOrder(), 4)])]));
    await expect(stale).rejects.toMatchObject({ name: "AppendRetry", reason: "conflict" });
    await it.admin.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(2666632, ${shardOf(mine.merchantId)})`;
      const blocked = consumer.begin((inner) => it.log.appendInTransaction(inner, [command(mine, [change(newOrder(), 0)])]));
      await expect(blocked).rejects.toBeInstanceOf(AppendRetry);
    });
  });

  test("get a turn between the batches of a hub that never rests", async () => {
    let busy = true;
    const load = Promise.all(
      Array.from({ length: 16 }, async () => {
        while (busy) await it.log.append(command(mine, [change(newOrder(), 0)]));
      }),
    );
    for (let i = 0; i < 10; i++) {
      await consumer.begin((tx) => it.log.appendInTransaction(tx, [command(mine, [change(newOrder(), 0)])]));
    }
    busy = false;
    await load;
  });

  test("their commits are told to listeners like the hub's own", async () => {
    const heard: bigint[] = [];
    const stop = it.log.onCommitted((_, events) => heard.push(...events.map(({ position }) => position)));
    const { events } = await consumer.begin((tx) => it.log.appendInTransaction(tx, [command(mine, [change(newOrder(), 0)])]));
    it.log.committed(events);
    stop();
    expect(heard).toEqual(events.map(({ position }) => position));
  });
});

describe("reading by tenant", () => {
  test("the index gives a merchant's events, whole commands only, and the organizer's own beside them", async () => {
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    for (let i = 0; i < 3; i++) await it.log.append(command(owner, [change(newOrder(), 0, { events: [1, 2, 3].map(() => ({ ...change("x", 0).events[0]!, id: `evt_${ulid()}` })) })]));
    const firstTwo = await inTenant(hub, owner, (tx) => readMerchant(tx, owner.merchantId, shard, 0n, 4));
    expect(firstTwo).toHaveLength(6);
    const rest = await inTenant(hub, owner, (tx) => readMerchant(tx, owner.merchantId, shard, firstTwo.at(-1)?.position ?? 0n, 100));
    expect(rest).toHaveLength(3);
    expect(await inTenant(hub, theirs, (tx) => readMerchant(tx, owner.merchantId, shard, 0n, 100))).toHaveLength(0);
    const organizers = await inTenant(hub, mine, (tx) => readOrganizer(tx, mine.organizerId, shardOf(mine.organizerId), 0n, 10));
    expect(organizers).toHaveLength(1);
  });

  test("heads are the same for everybody", async () => {
    expect(await heads(hub)).toEqual(await heads(it.admin));
  });
});
