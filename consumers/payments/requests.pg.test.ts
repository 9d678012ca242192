import { afterAll, beforeAll, expect, test } from "vitest";
import { ulid } from "ulidx";
import { connect, type Sql } from "#hub/db/client.ts";
import { ownerName } from "#consumers/runner/owner.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { hurryRefund, note, requestStore, type NewRequest } from "./requests.ts";

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

test("regression: a refund that was tried again was told its provider's old no, and never asked for anew", async () => {
  const store = requestStore(sql, ownerName("consumers"), LEASE_MS);
  const about = { payment: "pay_2", refund: "rfd_2", kind: "refund" as const };
  const [first, elsewhere] = [await noted(about), await noted({ ...about, payment: "pay_3" })];
  const underWay = await store.claim(first);
  const again = await noted(about);

  expect(await store.claim(again)).toMatchObject({ id: again });
  // What the first was told comes too late.
  expect(await sql.begin((tx) => (underWay === undefined ? true : store.finish(tx, underWay, "failed")))).toBe(false);
  expect(await store.waitMs(first)).toBeNull();
  expect(await store.claim(elsewhere)).toMatchObject({ id: elsewhere });
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
