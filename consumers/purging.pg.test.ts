import { afterAll, beforeAll, expect, test } from "vitest";
import { MERCHANT, ORGANIZER, testId } from "#consumers/testing.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { requestStore } from "./payments/requests.ts";
import { purgeJobs } from "./printing/job-store.ts";
import { purgeAll } from "./purging.ts";

let db: TestDatabase;
let admin: Sql;
let sql: Sql;
beforeAll(async () => {
  db = await testDatabase();
  admin = connect(db.adminUrl, { max: 1 });
  sql = connect(db.consumerUrl, { max: 2 });
});
afterAll(async () => {
  await sql.end();
  await admin.end();
  await db.drop();
});

type Tries = { readonly payment: string; readonly refund: string };
async function request(kind: string, state: "queued" | "done", daysAgo: number, of: { readonly payment: string; readonly refund: string | null } = { payment: testId("pay"), refund: null }): Promise<string> {
  const id = testId("prq");
  await admin`
    insert into payment_requests (id, merchant_id, organizer_id, provider, payment_id, refund_id, attempt_id, kind, body, state, created_at, done_at)
    values (${id}, ${MERCHANT}, ${ORGANIZER}, 'terminal-1', ${of.payment}, ${of.refund}, ${testId("att")}, ${kind}, '{}', ${state}, now() - ${`${daysAgo} days`}::interval,
            ${state === "done" ? admin`now() - ${`${daysAgo} days`}::interval` : null})`;
  return id;
}

test("requests that are done go after 14 days; who was asked for an attempt is known for 90; what waits stays", async () => {
  const gone = [await request("capture", "done", 15), await request("ask", "done", 40), await request("start", "done", 91)];
  const stay = [await request("capture", "done", 13), await request("start", "done", 89), await request("ask", "queued", 400)];
  expect(await purgeAll((limit) => requestStore(sql, "test", 1_000).purge(limit), 2)).toBe(gone.length);
  const left = await admin<{ id: string }[]>`select id from payment_requests`;
  expect(left.map(({ id }) => id).sort()).toEqual([...stay].sort());
});

test("the tries of a payout stay together: an old one may be the one that was paid", async () => {
  const [young, waiting, old] = [1, 2, 3].map(() => ({ payment: testId("pay"), refund: testId("rfd") })) as [Tries, Tries, Tries];
  const stay = [await request("refund", "done", 40, young), await request("refund", "done", 13, young), await request("refund", "done", 40, waiting), await request("refund", "queued", 2, waiting)];
  const gone = [await request("refund", "done", 40, old), await request("refund", "done", 15, old)];
  expect(await purgeAll((limit) => requestStore(sql, "test", 1_000).purge(limit), 1)).toBe(gone.length);
  const left = await admin<{ id: string }[]>`select id from payment_requests where kind = 'refund'`;
  expect(left.map(({ id }) => id).sort()).toEqual([...stay].sort());
});

test("slips that ended go after 14 days, some at a time; one that is printed again keeps its copy, and what waits stays", async () => {
  const printer = testId("ptr");
  await admin`insert into print_printers (merchant_id, printer_id, organizer_id, name, host, port, profile, stations, receipts, added_at) values (${MERCHANT}, ${printer}, ${ORGANIZER}, 'Bar', 'localhost', 9100, 'x', '{}', true, now())`;
  const slip = async (state: string, daysAgo: number, reprintOf: string | null = null) => {
    const id = testId("prt");
    await admin`
      insert into print_jobs (id, merchant_id, organizer_id, printer_id, kind, about, number, business_date, slip, source_event, reprint_of, state, created_at, expires_at)
      values (${id}, ${MERCHANT}, ${ORGANIZER}, ${printer}, 'ticket', 'tkt', 1, '2026-11-20', '{}', ${id}, ${reprintOf}, ${state}, now() - ${`${daysAgo} days`}::interval, now())`;
    return id;
  };
  const old = [await slip("printed", 15), await slip("unknown", 20), await slip("failed", 15), await slip("expired", 300), await slip("sent", 15)];
  const stay = [await slip("printed", 13), await slip("queued", 30), await slip("sending", 30), await slip("printed", 1, old[0])];
  expect(await purgeJobs(sql, 2)).toBe(2);
  expect(await purgeAll((limit) => purgeJobs(sql, limit), 2)).toBe(old.length - 2);
  const left = await admin<{ id: string; reprint_of: string | null }[]>`select id, reprint_of from print_jobs`;
  expect(left.map(({ id }) => id).sort()).toEqual([...stay].sort());
  expect(left.every(({ reprint_of }) => reprint_of === null)).toBe(true);
});
