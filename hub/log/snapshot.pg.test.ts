import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventLog } from "./append.ts";
import { change, command, newMerchant, newOrder } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import { waitFor } from "./testing/wait-for.ts";

let it: LogUnderTest;
beforeAll(async () => {
  it = await openLog();
});
afterAll(() => it.close());

type Counters = { upd: bigint; hot: bigint; del: bigint; seq: bigint };
const TABLES = ["aggregate_parts", "aggregates", "commands", "countdowns", "events"];

/** A backend's counters arrive when it ends, so what is to be counted is done by a hub of its own that is closed. */
async function counted(load: (log: EventLog) => Promise<void>): Promise<Map<string, Counters>> {
  const before = await counters();
  const log = await it.another();
  await load(log);
  await log.close();
  await waitFor("the backend's end", 10_000, async () => (await it.admin`select from pg_stat_activity where application_name = 'comanda-log-append' and datname = current_database()`).length <= 1);
  const after = await counters();
  return new Map(
    [...after].map(([table, { upd, hot, del, seq }]) => {
      const was = before.get(table) ?? { upd: 0n, hot: 0n, del: 0n, seq: 0n };
      return [table, { upd: upd - was.upd, hot: hot - was.hot, del: del - was.del, seq: seq - was.seq }];
    }),
  );
}

async function counters(): Promise<Map<string, Counters>> {
  const rows = await it.admin<(Counters & { name: string })[]>`
    select split_part(relname, '_20', 1) as name, sum(n_tup_upd)::bigint as upd, sum(n_tup_hot_upd)::bigint as hot,
      sum(n_tup_del)::bigint as del, sum(seq_scan)::bigint as seq
    from pg_stat_user_tables where split_part(relname, '_20', 1) = any(${TABLES}) group by 1 order by 1`;
  return new Map(rows.map(({ name, ...rest }) => [name, rest]));
}

describe("LOG-1 no hot row", () => {
  test("under a snapshot that is held open, selling leaves no dead version anywhere but in the states sold on", async () => {
    let done = () => {};
    const held = new Promise<void>((resolve) => (done = resolve));
    let open = () => {};
    const isOpen = new Promise<void>((resolve) => (open = resolve));
    const snapshot = it.admin.begin("isolation level repeatable read read only", async (tx) => {
      await tx`select count(*) from events`;
      open();
      await held;
    });
    await isOpen;
    const owners = Array.from({ length: 8 }, newMerchant);
    const seen = await counted(async (log) => {
      for (let version = 0; version < 10; version++) {
        const outcomes = await Promise.all(
          owners.map((owner, i) => log.append(command(owner, [change(`ord_${i}`, version, { parts: { [`item${version}`]: {} } })]))),
        );
        expect(outcomes.every(({ outcome }) => outcome === "appended")).toBe(true);
      }
    });
    done();
    await snapshot;
    const rewritten = [...seen].filter(([, { upd, del }]) => upd > 0n || del > 0n).map(([table, { upd, del }]) => [table, upd, del]);
    expect(rewritten).toEqual([["aggregates", 72n, 0n]]);
  });

  test("a state's update touches no index, so that its old versions go as the page is read (HOT)", async () => {
    const owner = newMerchant();
    const stream = newOrder();
    const seen = await counted(async (log) => {
      for (let version = 0; version < 20; version++) await log.append(command(owner, [change(stream, version)]));
    });
    expect(seen.get("aggregates")).toMatchObject({ upd: 19n, hot: 19n });
  });

  test("the append reads by index, however small the tables were when its plans were made", async () => {
    const owner = newMerchant();
    const seen = await counted(async (log) => {
      for (let i = 0; i < 20; i++) {
        await log.append(command(owner, [change(newOrder(), 0, { parts: { a: 1, b: null } })], { counts: [{ product: "prd_1", giveBack: "1" }] }));
      }
    });
    expect([...seen].map(([table, { seq }]) => [table, seq])).toEqual(TABLES.map((table) => [table, 0n]));
  });
});
