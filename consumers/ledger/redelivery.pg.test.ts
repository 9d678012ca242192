import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handleOnce, recorded, testId } from "#consumers/testing.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { ledgerConsumer } from "./consumer.ts";

const by = { staff: "stf_01JD0000000000000000000001", name: "Ana" };
const eur = (amount: number) => ({ amount: String(amount), currency: "EUR" });
let db: TestDatabase;
let admin: Sql;
beforeAll(async () => {
  db = await testDatabase();
  admin = connect(db.adminUrl, { max: 2 });
});
afterAll(async () => {
  await admin.end();
  await db.drop();
});

type Step = { readonly kind: "sale" | "wrong-tender" | "refund" | "drawer"; readonly amount: number };

/** A day's events as the log has them, of a merchant that nobody else uses. */
function dayOf(merchant: string, steps: readonly Step[]): ParsedEvent[] {
  const of = (type: string, subject: string, data: unknown) => recorded(type, subject, data, merchant);
  const drawer = testId("drw");
  const events = [of("commerce.initialized", merchant, { merchant, currency: "EUR" }), of("cash.drawer.opened", drawer, { name: "Till", float: eur(10_000), by })];
  for (const { kind, amount } of steps) {
    const [check, payment] = [testId("chk"), testId("pay")];
    const tender = { payment, method: "cash", amount: eur(amount), tip: eur(amount % 7), tendered: null, change: null, roundingDifference: eur((amount % 5) - 2), slip: null };
    const attempt = { attempt: testId("att"), check, drawer, tender, checkClosed: false };
    if (kind === "drawer") events.push(of("cash.drawer.dropped", drawer, { movement: testId("mov"), amount: eur(amount), reason: "x", bag: null, by }));
    else events.push(of("payment.attempt.success", payment, attempt));
    if (kind === "wrong-tender") events.push(of("payment.attempt.reversed", payment, { ...attempt, reason: "wrong", by }));
    if (kind === "sale" || kind === "refund") {
      const totals = { currency: "EUR", net: String(amount), serviceCharge: "0", taxes: [], tax: "0", total: String(amount), paid: String(amount), due: "0" };
      events.push(of("sale.check.closed", check, { number: "1", order: testId("ord"), totals, tenders: [], receipt: {}, by }));
    }
    if (kind === "refund") {
      const payout = { payment, attempt: testId("att"), method: "cash", by: "cash", drawer, amount: eur(amount), tip: eur(0), rounding: eur(0) };
      const refund = testId("rfd");
      const document = { number: "R1", check, order: testId("ord"), checkNumber: "1", kind: "all", reason: "x", lines: [], currency: "EUR", net: String(amount), serviceCharge: "0", taxes: [], tax: "0", total: String(amount), tip: "0", overpaid: "0", payouts: [payout], by, approvedBy: by };
      events.push(of("payment.refund.created", refund, document), of("payment.refund.success", refund, { check, payout }));
    }
  }
  return events;
}

async function booksOf(merchant: string): Promise<unknown> {
  const entries = await admin`select journal_id, line, account, subject, amount::text, currency from ledger_entries where merchant_id = ${merchant} order by journal_id, line`;
  const balances = await admin`select account, debit::text, credit::text from ledger_balances where merchant_id = ${merchant} order by account`;
  const days = await admin`select account, sum(debit)::text as debit, sum(credit)::text as credit from ledger_day_balances where merchant_id = ${merchant} group by account order by account`;
  expect(days).toEqual(balances);
  return JSON.parse(JSON.stringify({ entries, balances }).replaceAll(merchant, "merchant")) as unknown;
}

/** The same events under another merchant's name. */
function renamed(events: readonly ParsedEvent[], from: string, to: string): ParsedEvent[] {
  return events.map((event) => ({ ...event, envelope: JSON.parse(JSON.stringify(event.envelope).replaceAll(from, to)) as ParsedEvent["envelope"] }));
}

it("any cut into batches, duplication, crash before the commit and redelivery ends in the state of one clean pass (property)", async () => {
  const steps = fc.array(fc.record({ kind: fc.constantFrom("sale" as const, "wrong-tender" as const, "refund" as const, "drawer" as const), amount: fc.integer({ min: 1, max: 100_000 }) }), { minLength: 1, maxLength: 8 });
  const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 6 }), back: fc.integer({ min: 0, max: 5 }), crashes: fc.boolean() }), { minLength: 20, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, cuts, async (given, schedule) => {
      const [clean, harmed] = [testId("mer"), testId("mer")];
      const events = dayOf(clean, given);
      await handleOnce(ledgerConsumer, db.consumerUrl, events);
      const again = renamed(events, clean, harmed);
      const sql = connect(db.consumerUrl, { max: 1 });
      const died = new Error("died");
      let at = 0;
      for (const { size, back, crashes } of [...schedule, { size: again.length, back: again.length, crashes: false }]) {
        const batch = again.slice(Math.max(0, at - back), at + size);
        if (batch.length === 0) continue;
        const run = sql.begin(async (tx) => {
          await ledgerConsumer.handle(batch, { sql: tx, signal: new AbortController().signal, append: () => {}, wake: () => {}, commandIdFor: () => "" });
          if (crashes) throw died;
        });
        if (crashes) await expect(run).rejects.toBe(died);
        else {
          await run;
          at = Math.min(again.length, Math.max(at, at - back + batch.length));
        }
      }
      await sql.end();
      expect(await booksOf(harmed)).toEqual(await booksOf(clean));
      const [trial] = await admin<{ sum: string }[]>`select sum(debit - credit)::text as sum from ledger_balances where merchant_id in (${clean}, ${harmed})`;
      expect(trial?.sum).toBe("0");
    }),
    { numRuns: 12 },
  );
});
