import { afterAll, beforeAll, expect, test } from "vitest";
import { ulid } from "ulidx";
import { connect, type Sql } from "#hub/db/client.ts";
import { ownerName } from "#consumers/runner/owner.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { note, requestStore, type NewRequest } from "./requests.ts";
import { askAgain, hurryRefund, rememberUnnamed, takeUnnamed } from "./unnamed.ts";

const LEASE_MS = 600_000;

let db: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  db = await testDatabase();
  sql = connect(db.consumerUrl, { max: 2 });
});
afterAll(async () => {
  await sql.end();
  await db.drop();
});

const request: Omit<NewRequest, "id"> = { merchant: "mer_1", organizer: "org_1", provider: "terminal-1", payment: "pay_1", attempt: "att_1", refund: null, kind: "start", body: { currency: "EUR" }, inMs: 0, trace: { traceparent: null, correlation: null } };
const noted = async (about: Partial<NewRequest>): Promise<string> => {
  const id = `prq_${ulid()}`;
  await sql.begin((tx) => note(tx, [{ ...request, ...about, id }]));
  return id;
};

test("PAY-22: what a process was asking for when it died is nobody else's before its call can be over, and then it may have been heard", async () => {
  const id = await noted({});
  const [first, next] = ["consumers", "consumers"].map((name) => requestStore(sql, ownerName(name), LEASE_MS));
  const claimed = await first?.claim(id);
  expect(claimed).toMatchObject({ id, tries: 1, outcome: null });
  expect(await next?.claim(id)).toBeUndefined();

  await sql`update payment_requests set lease_until = now() - interval '1 second' where id = ${id}`;
  expect(await next?.claim(id)).toMatchObject({ id, tries: 2, outcome: "no-answer" });
  // The first only hung, and is late.
  expect(await sql.begin((tx) => (claimed === undefined ? true : first?.finish(tx, claimed, "done")))).toBe(false);
});

test("regression: a refund that was tried again was told its provider's old no, and never asked for anew: each try is asked for by itself, and hears its own", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const about = { payment: "pay_2", refund: "rfd_2", kind: "refund" as const };
  const first = await noted(about);
  const underWay = await store.claim(first);
  const again = await noted(about);

  expect(await store.claim(again)).toMatchObject({ id: again, outcome: null });
  // It may have been heard: whatever became of it is asked after, beside the second.
  expect(underWay === undefined ? false : await store.again(sql, underWay, "no-answer", 0)).toBe(true);
  expect(await store.claim(first)).toMatchObject({ id: first, outcome: "no-answer" });
});

test("regression: a refund that hung kept the payment's next one from being asked for, and rows that only waited kept the sweep from others", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const MOST = 8;
  const about = { payment: "pay_6", kind: "refund" as const };
  const hanging = await noted({ ...about, refund: "rfd_6" });
  const claimed = await store.claim(hanging);
  expect(claimed === undefined ? false : await store.again(sql, claimed, "no-answer", LEASE_MS)).toBe(true);
  const next = await noted({ ...about, refund: "rfd_7" });
  expect(await store.claim(next)).toMatchObject({ id: next });

  const capturing = { payment: "pay_7", attempt: "att_7", kind: "capture" as const };
  const before = await store.claim(await noted(capturing));
  const waiting: string[] = [];
  for (let i = 0; i < MOST; i++) waiting.push(await noted({ ...capturing, kind: "tip" }));
  const innocent = await noted({ payment: "pay_8", attempt: "att_8" });
  expect(await store.overdue(0, { payments: 100, refunds: 100 })).not.toEqual(expect.arrayContaining([waiting[0]]));
  expect(await store.overdue(0, { payments: MOST, refunds: MOST })).toContain(innocent);
  expect(await store.waitMs(waiting[0] ?? "")).toBeNull();

  if (before === undefined) throw new Error("not claimed");
  expect(await store.following(before)).toEqual([]);
  await sql.begin((tx) => store.finish(tx, before, "captured"));
  expect(await store.following(before)).toEqual([waiting[0]]);
  expect(await store.waitMs(waiting[0] ?? "")).not.toBeNull();
  expect(await store.claim(waiting[0] ?? "")).toMatchObject({ id: waiting[0] });
});

test("PAY-17d: what the provider has under way stays so when a process dies that asks after it", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const id = await noted({ payment: "pay_12", refund: "rfd_12", kind: "refund" });
  const claimed = await store.claim(id);
  if (claimed !== undefined) await store.again(sql, claimed, "pending", 0);
  await store.claim(id);
  await sql`update payment_requests set lease_until = now() - interval '1 second' where id = ${id}`;
  expect(await store.claim(id)).toMatchObject({ tries: 3, outcome: "pending" });
});

test("PAY-17d: a row says how old its first try may be", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const id = await noted({ payment: "pay_9", refund: "rfd_9", kind: "refund" });
  await sql`update payment_requests set created_at = now() - interval '12 hours' where id = ${id}`;
  const age = (await store.claim(id))?.age_ms ?? 0;
  expect(age).toBeGreaterThanOrEqual(12 * 3_600_000);
  expect(age).toBeLessThan(13 * 3_600_000);
});

test("PAY-17c: news of a refund that name no try wake whoever waits to ask after it, and nobody else", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const about = { payment: "pay_4", refund: "rfd_4", kind: "refund" as const };
  const [waiting, elsewhere] = [await noted(about), await noted({ ...about, payment: "pay_5" })];
  for (const id of [waiting, elsewhere]) {
    const claimed = await store.claim(id);
    expect(claimed === undefined ? false : await store.again(sql, claimed, "pending", LEASE_MS)).toBe(true);
    expect(await store.claim(id)).toBeUndefined();
  }

  expect(await sql.begin((tx) => hurryRefund(tx, { ...request, ...about }))).toEqual([waiting]);
  expect(await store.claim(waiting)).toMatchObject({ id: waiting, outcome: "pending" });
  expect(await store.claim(elsewhere)).toBeUndefined();
});

test("PAY-17c: tries that have ended begin anew to be asked after, but for what was never asked or is the one that was paid", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const about = { payment: "pay_10", refund: "rfd_10", kind: "refund" as const };
  const ended = async (outcome: string, more: Partial<NewRequest> = {}) => {
    const id = await noted({ ...about, ...more });
    const claimed = await store.claim(id);
    if (claimed === undefined) throw new Error("not claimed");
    expect(claimed.anew_ms).toBeNull();
    await sql.begin((tx) => store.finish(tx, claimed, outcome));
    return { id, claimed };
  };
  const [failed, over, elsewhere] = [await ended("failed"), await ended("over"), await ended("over", { refund: "rfd_11" })];
  await ended("not-wanted");
  const waiting = await noted(about);

  expect([...(await sql.begin((tx) => askAgain(tx, { ...request, ...about })))].sort()).toEqual([failed.id, over.id].sort());
  expect(await store.claim(elsewhere.id)).toBeUndefined();
  expect((await store.claim(waiting))?.anew_ms).toBeNull();
  const again = await store.claim(failed.id);
  expect(again).toMatchObject({ outcome: "failed", tries: 1 });
  expect(again?.anew_ms).toBeGreaterThanOrEqual(0);
  // What an earlier claim learns is too late.
  expect(await sql.begin((tx) => store.finish(tx, failed.claimed, "succeeded"))).toBe(false);
  // It goes on having ended, however often it is asked after.
  if (again !== undefined) await store.again(sql, again, "no-answer", 0);
  expect((await store.claim(failed.id))?.anew_ms).toBeGreaterThanOrEqual(0);
});

test("regression: money that was told without a name was forgotten when a try said that it was paid in another currency, and is of the one that says it in its own", async () => {
  const payout = { merchant: "mer_1", payment: "pay_22", refund: "rfd_22" };
  const [first, second] = [await noted({ ...payout, kind: "refund" }), await noted({ ...payout, kind: "refund" })];
  const marked = async () => (await sql<{ id: string }[]>`select id from payment_requests where refund_id = ${payout.refund} and paid_unnamed is not null`).length;
  const take = (paid: { readonly currency?: string } | undefined) => sql.begin((tx) => takeUnnamed(tx, payout, paid));
  await sql.begin((tx) => rememberUnnamed(tx, payout, "EUR"));

  expect([await take(undefined), await take({ currency: "USD" }), await marked()]).toEqual([undefined, undefined, 2]);
  expect([await take({ currency: "EUR" }), await marked()]).toEqual([undefined, 0]);

  await sql.begin((tx) => rememberUnnamed(tx, payout, "EUR"));
  expect([await take({}), await marked()]).toEqual([undefined, 0]);

  // Of none that can be asked: booked, whatever the last one says of another currency.
  await sql.begin((tx) => rememberUnnamed(tx, payout, "EUR"));
  await sql`update payment_requests set state = 'done', outcome = 'over', done_at = now() where id in ${sql([first, second])}`;
  expect([await take({ currency: "USD" }), await take(undefined), await marked()]).toEqual(["EUR", undefined, 0]);
});

test("regression: refunds of a silent provider filled the sweep, and hid payments, and other providers' refunds", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const overdue = async () => new Set(await store.overdue(0, { payments: 1, refunds: 2 }));
  await sql`update payment_requests set state = 'done'`;
  const silent: string[] = [];
  for (let i = 0; i < 12; i++) silent.push(await noted({ payment: `pay_s${i}`, refund: `rfd_s${i}`, kind: "refund" }));
  const refund = await noted({ payment: "pay_q1", refund: "rfd_q1", kind: "refund", provider: "qr-1" });
  const start = await noted({ payment: "pay_q2", attempt: "att_q2" });
  expect(await overdue()).toEqual(new Set([...silent.slice(0, 2), refund, start]));
  // Those that are being asked for make room.
  for (const id of silent.slice(0, 2)) await store.claim(id);
  expect(await overdue()).toEqual(new Set([...silent.slice(2, 4), refund, start]));
  expect(await store.waiting(start)).toEqual({ provider: "terminal-1", kind: "start" });
});

test("regression: the sweep read every row that was overdue, some 40,000 after an hour of silence: it reads those that it answers, of each lane", async () => {
  await sql`update payment_requests set state = 'done'`;
  await sql`
    insert into payment_requests (id, merchant_id, organizer_id, provider, payment_id, attempt_id, kind, body, next_try_at)
    select 'prq_' || lpad(i::text, 26, '0'), 'mer_1', 'org_1', 'terminal-' || i % 3, 'pay_m' || i, 'att_m' || i, 'ask', '{"currency":"EUR"}', now() - interval '1 hour' from generate_series(1, 6000) i`;
  const admin = connect(db.adminUrl, { max: 1 });
  await admin`vacuum analyze payment_requests`;
  await admin.end();
  const { found, read } = await sql.begin(async (tx) => {
    const readSoFar = async () => (await tx<{ read: number }[]>`select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_xact_user_tables where relname = 'payment_requests'`)[0]?.read ?? 0;
    const before = await readSoFar();
    const ids = await requestStore(tx as unknown as Sql, ownerName("consumers"), LEASE_MS).overdue(0, { payments: 8, refunds: 4 });
    return { found: ids.length, read: (await readSoFar()) - before };
  });
  expect(found).toBe(24);
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(100);
});

test("PAY-27: the tries of a payout go in one go, however few rows are taken at once", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  await sql`delete from payment_requests`;
  const tries = (payout: number) => Promise.all([1, 2, 3].map(() => noted({ payment: `pay_p${payout}`, refund: `rfd_p${payout}`, kind: "refund" })));
  await tries(1);
  await sql`update payment_requests set state = 'done', done_at = now() - interval '20 days' - seq * interval '1 minute'`;
  const waiting = await tries(2);
  expect(await store.purge(2)).toBe(3);
  expect((await sql<{ id: string }[]>`select id from payment_requests order by id`).map(({ id }) => id)).toEqual([...waiting].sort());
});
