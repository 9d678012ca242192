import { afterAll, beforeAll, expect, test } from "vitest";
import { ulid } from "ulidx";
import { connect, type Sql } from "#hub/db/client.ts";
import { ownerName } from "#consumers/runner/owner.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { note, requestStore, type NewRequest } from "./requests.ts";
import { askAgain, hurryRefund, refundTries, rememberUnnamed } from "./unnamed.ts";

let db: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  db = await testDatabase();
  sql = connect(db.consumerUrl, { max: 3 });
});
afterAll(async () => {
  await sql.end();
  await db.drop();
});

const about = { merchant: "mer_1", organizer: "org_1", provider: "terminal-1", payment: "pay_1", attempt: "att_1", refund: "rfd_1", kind: "refund", body: { currency: "EUR" }, inMs: 0, trace: { traceparent: null, correlation: null } } as const;
const noted = async (): Promise<string> => {
  const id = `prq_${ulid()}`;
  await sql.begin((tx) => note(tx, [{ ...about, id } as NewRequest]));
  return id;
};

test("PAY-17c: a worker that claims a try while the consumer notes money without a name waits for it, and must know of it: no try is asked for now", async () => {
  const store = requestStore(sql, ownerName("consumers"), 600_000);
  const first = await noted();
  const claimed = await store.claim(first);
  if (claimed === undefined) throw new Error("not claimed");
  await sql.begin((tx) => store.finish(tx, claimed, "over"));
  const second = await noted();

  let claiming: ReturnType<typeof store.claim> | undefined;
  // As `told` of consumer.ts does, in the batch's transaction.
  await sql.begin(async (tx) => {
    await refundTries(tx, about);
    await hurryRefund(tx, about);
    await askAgain(tx, about);
    await rememberUnnamed(tx, about, "EUR");
    claiming = store.claim(second);
    claiming.catch(() => undefined);
    void claiming.then(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  expect(await claiming).toMatchObject({ id: second, outcome: null, paid_unnamed: true });
});
