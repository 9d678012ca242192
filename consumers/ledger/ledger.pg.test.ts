import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handleOnce, MERCHANT, ORGANIZER, OTHER_MERCHANT, recorded, testId } from "#consumers/testing.ts";
import { connect, inTenant, type Sql, type TransactionSql } from "#hub/db/client.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import type { AccountCode } from "#shared/ledger/accounts.ts";
import { ledgerConsumer } from "./consumer.ts";
import { createPostingBatch } from "./posting-batch.ts";

const by = { staff: "stf_01JD0000000000000000000001", name: "Ana" };
const eur = (amount: number | string) => ({ amount: String(amount), currency: "EUR" });
const AT = "2026-11-20T19:00:00.000Z";
let db: TestDatabase;
let admin: Sql;

beforeAll(async () => {
  db = await testDatabase();
  admin = connect(db.adminUrl, { max: 8 });
  for (const merchant of [MERCHANT, OTHER_MERCHANT]) {
    await handleOnce(ledgerConsumer, db.consumerUrl, [recorded("commerce.initialized", merchant, { merchant, currency: "EUR" }, merchant)]);
  }
});
afterAll(async () => {
  await admin.end();
  await db.drop();
});

function tender(over: Record<string, unknown> = {}) {
  return { payment: testId("pay"), method: "cash", amount: eur(1150), tip: eur(0), tendered: eur(2000), change: eur(850), roundingDifference: eur(0), slip: null, ...over };
}
function paid(check: string, t: ReturnType<typeof tender>, drawer: string | null = "drw_01JD0000000000000000000001"): ParsedEvent {
  return recorded("payment.attempt.success", t.payment, { attempt: testId("att"), check, drawer, tender: t });
}
function closed(check: string, net: number, serviceCharge: number, tax: number): ParsedEvent {
  const total = net + serviceCharge + tax;
  const totals = { currency: "EUR", net: `${net}`, serviceCharge: `${serviceCharge}`, taxes: [], tax: `${tax}`, total: `${total}`, paid: `${total}`, due: "0" };
  return recorded("sale.check.closed", check, { number: "1", order: testId("ord"), totals, tenders: [], receipt: {}, by });
}
async function balanceOf(account: string, subject: string): Promise<bigint> {
  const [row] = await admin<{ sum: string | null }[]>`select sum(amount)::text as sum from ledger_entries where account = ${account} and subject = ${subject}`;
  return BigInt(row?.sum ?? "0");
}
async function trialBalance(merchant: string): Promise<bigint> {
  const [row] = await admin<{ sum: string | null }[]>`select sum(debit - credit)::text as sum from ledger_balances where merchant_id = ${merchant}`;
  return BigInt(row?.sum ?? "0");
}

describe("the ledger", () => {
  it("posts a check paid in cash and closed: receivable and prepayments of the check end at zero", async () => {
    const check = testId("chk");
    await handleOnce(ledgerConsumer, db.consumerUrl, [paid(check, tender()), closed(check, 1000, 50, 100)]);
    expect(await balanceOf("1100", check)).toBe(0n);
    expect(await balanceOf("2020", check)).toBe(0n);
    expect(await balanceOf("4000", check)).toBe(-1000n);
    expect(await balanceOf("4050", check)).toBe(-50n);
    expect(await balanceOf("2100", check)).toBe(-100n);
    expect(await trialBalance(MERCHANT)).toBe(0n);
  });

  it("keeps money taken before closing as a prepayment, not as a sale (DOM-15)", async () => {
    const check = testId("chk");
    await handleOnce(ledgerConsumer, db.consumerUrl, [paid(check, tender({ method: "card-manual", slip: "0042", tip: eur(100) }), null)]);
    expect(await balanceOf("2020", check)).toBe(-1150n);
    expect(await balanceOf("2200", check)).toBe(-100n);
    expect(await balanceOf("4000", check)).toBe(0n);
  });

  it.each(["in one batch", "later"])("takes back the forfeited rest of a voucher with the voucher, %s, and posts it again when it is used again", async (when) => {
    const [check, voucher] = [testId("chk"), testId("vch")];
    const data = { check, issuer: "Edenred", code: "1", value: eur(2000), amount: eur(1450), forfeited: eur(550) };
    const [first, second] = [testId("pay"), testId("pay")];
    const used = recorded("payment.voucher.used", voucher, { payment: first, ...data });
    const released = recorded("payment.voucher.released", voucher, { payment: first });
    const again = recorded("payment.voucher.used", voucher, { payment: second, ...data });
    for (const batch of when === "later" ? [[used], [released], [released], [again]] : [[used, released, again]]) await handleOnce(ledgerConsumer, db.consumerUrl, batch);
    expect(await Promise.all([first, second].flatMap((payment) => [balanceOf("1060", payment), balanceOf("4090", payment)]))).toEqual([0n, 0n, 550n, -550n]);
    const reversals = await admin`select reverses from ledger_journals where event_id = ${released.envelope.id}`;
    expect(reversals).toEqual([{ reverses: `${first}/forfeited` }]);
  });

  it("posts nothing of a voucher that was worth no more than its check", async () => {
    const released = recorded("payment.voucher.released", testId("vch"), { payment: testId("pay") });
    await handleOnce(ledgerConsumer, db.consumerUrl, [released]);
    expect(await admin`select 1 from ledger_journals where event_id = ${released.envelope.id}`).toEqual([]);
  });

  it.each([
    { rounding: -2, drawer: 1570n, account: 2n },
    { rounding: 3, drawer: 1575n, account: -3n },
  ])("posts cash rounding of $rounding to its own account", async ({ rounding, drawer, account }) => {
    const check = testId("chk");
    const session = testId("drw");
    await handleOnce(ledgerConsumer, db.consumerUrl, [paid(check, tender({ amount: eur(1572), roundingDifference: eur(rounding) }), session)]);
    expect(await balanceOf("1010", session)).toBe(drawer);
    expect(await balanceOf("6210", check)).toBe(account);
    expect(await balanceOf("2020", check)).toBe(-1572n);
  });

  it("posts what was fired at the cost that the place said before it, and no place at another's", async () => {
    const [beef, product] = [testId("ing"), testId("prd")];
    const cost = (amount: number) => ({ amount: eur(amount), per: "1000" });
    const sent = (merchant: string) => recorded("sale.order.sent", testId("ord"), { header: {}, items: [{ item: testId("itm"), product, quantity: "2", recipe: [{ ingredient: beef, quantity: "180" }], fired: true }], by }, merchant);
    await handleOnce(ledgerConsumer, db.consumerUrl, [sent(MERCHANT), recorded("stock.ingredient.created", beef, { name: "Beef", unit: "g", lowBelow: "0", cost: cost(1450) }), sent(MERCHANT), sent(OTHER_MERCHANT)]);
    expect([await balanceOf("5000", product), await balanceOf("1300", beef)]).toEqual([522n, -522n]);
    await handleOnce(ledgerConsumer, db.consumerUrl, [recorded("stock.ingredient.costed", beef, { cost: cost(2000) }), sent(MERCHANT)]);
    expect([await balanceOf("5000", product), await balanceOf("1300", beef)]).toEqual([1242n, -1242n]);
    await handleOnce(ledgerConsumer, db.consumerUrl, [recorded("stock.ingredient.costed", beef, { cost: null }), sent(MERCHANT)]);
    expect(await balanceOf("1300", beef)).toBe(-1242n);
    expect(await trialBalance(MERCHANT)).toBe(0n);
  });

  it("posts goods at what they cost, a count at the cost of its moment against the books, and the first count as what was there to begin with", async () => {
    const [beef, salt, delivery] = [testId("ing"), testId("ing"), testId("dlv")];
    const cost = (amount: number) => ({ cost: { amount: eur(amount), per: "1000" } });
    const counted = (ingredient: string, quantity: string) => recorded("stock.ingredient.counted", ingredient, { quantity, reason: "month's end" });
    const received = (paid: string) => recorded("stock.ingredient.received", beef, { delivery, supplier: "Macelleria", note: "77", quantity: "2000", cost: eur(3100), tax: eur(310), paid, by });
    const sent = recorded("sale.order.sent", testId("ord"), { header: {}, items: [{ item: testId("itm"), product: testId("prd"), quantity: "1", recipe: [{ ingredient: beef, quantity: "200" }], fired: true }], by });
    await handleOnce(ledgerConsumer, db.consumerUrl, [recorded("stock.ingredient.created", beef, { name: "Beef", unit: "g", lowBelow: "0", ...cost(1500) }), recorded("stock.ingredient.created", salt, { name: "Salt", unit: "g", lowBelow: "0" }), counted(beef, "1000"), counted(salt, "500"), sent]);
    // 1 kg at 15.00, 200 g used; nobody knows what salt costs.
    expect([await balanceOf("1300", beef), await balanceOf("3000", beef), await balanceOf("1300", salt)]).toEqual([1200n, -1500n, 0n]);
    await handleOnce(ledgerConsumer, db.consumerUrl, [received("later"), received("bank"), recorded("stock.ingredient.costed", beef, cost(1600))]);
    expect([await balanceOf("1300", beef), await balanceOf("1200", delivery), await balanceOf("2010", delivery), await balanceOf("1020", delivery)]).toEqual([7400n, 620n, -3410n, -3410n]);
    // 4.8 kg should be there; 4.5 kg at 16.00 are 72.00.
    const second = counted(beef, "4500");
    await handleOnce(ledgerConsumer, db.consumerUrl, [second, counted(beef, "4500")]);
    expect([await balanceOf("1300", beef), await balanceOf("5060", beef), await balanceOf("3000", beef)]).toEqual([7200n, 200n, -1500n]);
    await handleOnce(ledgerConsumer, db.consumerUrl, [second, counted(beef, "4600")]);
    expect([await balanceOf("1300", beef), await balanceOf("5060", beef)]).toEqual([7360n, 40n]);
    expect(await trialBalance(MERCHANT)).toBe(0n);
    // A count asks for one row, however many entries there are: it is their sum.
    expect(await admin`select ingredient_id, value::text, opened from ledger_ingredient_values where merchant_id = ${MERCHANT} order by 1`).toEqual(
      await admin`
        select e.subject as ingredient_id, sum(e.amount)::text as value, bool_or(j.event_type in ('stock.ingredient.counted', 'stock.ingredient.received')) as opened
        from ledger_entries e join ledger_journals j using (merchant_id, journal_id) where e.merchant_id = ${MERCHANT} and e.account = '1300' group by 1 order by 1`,
    );
    await admin`update ledger_ingredient_values set value = value + 100 where ingredient_id = ${beef}`;
    await handleOnce(ledgerConsumer, db.consumerUrl, [counted(beef, "4600")]);
    expect(await balanceOf("1300", beef)).toBe(7260n);
  });

  it("empties a drawer's session at its count and shows what was short", async () => {
    const drawer = testId("drw");
    await handleOnce(ledgerConsumer, db.consumerUrl, [
      recorded("cash.drawer.opened", drawer, { name: "Till 1", float: eur(10000), by }),
      recorded("cash.drawer.closed", drawer, { counted: eur(9900), expected: eur(10000), difference: eur(-100), by }),
    ]);
    expect(await balanceOf("1010", drawer)).toBe(0n);
    expect(await balanceOf("6200", drawer)).toBe(100n);
    expect(await balanceOf("1020", drawer)).toBe(-100n);
  });

  it("posts an event once, however often it is delivered", async () => {
    const check = testId("chk");
    const event = closed(check, 900, 0, 90);
    await handleOnce(ledgerConsumer, db.consumerUrl, [event]);
    await handleOnce(ledgerConsumer, db.consumerUrl, [event]);
    expect(await balanceOf("4000", check)).toBe(-900n);
    expect(await trialBalance(MERCHANT)).toBe(0n);
  });

  it("balances equal the sum of entries after any sequence of sales (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ net: fc.integer({ min: 0, max: 100_000 }), charge: fc.integer({ min: 0, max: 5000 }), tax: fc.integer({ min: 0, max: 20_000 }), split: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 12 }), async (sales) => {
        const events = sales.flatMap((sale) => {
          const check = testId("chk");
          const total = sale.net + sale.charge + sale.tax;
          const part = Math.floor(total / sale.split);
          const amounts = Array.from({ length: sale.split }, (_, i) => (i === 0 ? total - part * (sale.split - 1) : part));
          return [...amounts.map((amount) => paid(check, tender({ amount: eur(amount) }))), closed(check, sale.net, sale.charge, sale.tax)];
        });
        await handleOnce(ledgerConsumer, db.consumerUrl, events);
        expect(await trialBalance(MERCHANT)).toBe(0n);
        const wrong = await admin`
          select b.account from ledger_balances b
           where b.debit - b.credit <> (select coalesce(sum(e.amount), 0) from ledger_entries e where e.merchant_id = b.merchant_id and e.account = b.account and e.currency = b.currency)`;
        expect(wrong).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

describe("the database itself", () => {
  type Legs = readonly (readonly [account: string, amount: number])[];
  type Written = { readonly id: string; readonly legs: Legs; readonly event?: string; readonly currency?: string; readonly reverses?: string };
  const legs = (...amounts: readonly number[]): Legs => amounts.map((amount, line) => [line === 0 ? "1010" : "1020", amount]);
  /** A journal each, in one batch, past whatever the consumer would see to. */
  const write = async (...journals: readonly Written[]) => {
    const batch = createPostingBatch(admin as unknown as TransactionSql);
    for (const { id, event = id, currency = "EUR", reverses, legs } of journals) {
      const drafted = legs.map(([account, amount]) => ({ account: account as AccountCode, subject: id, amount: BigInt(amount) }));
      batch.add({ id: event, type: "sale.check.closed", occurredat: AT, time: AT, merchant: MERCHANT, businessDate: "2026-11-20" }, [{ id, currency, memo: "test", legs: drafted, ...(reverses === undefined ? {} : { reverses }) }]);
    }
    await batch.post();
  };

  it("refuses a journal that does not sum to zero, that has one leg, or none, or legs of nothing", async () => {
    await expect(write({ id: "unbalanced", legs: legs(100, -99) })).rejects.toThrow("does not sum to zero");
    await expect(write({ id: "one-leg", legs: legs(100) })).rejects.toThrow("does not sum to zero");
    await expect(write({ id: "no-leg", legs: [] })).rejects.toThrow("has no legs");
    await expect(write({ id: "no-account", legs: [["9999", 1], ["9999", -1]] })).rejects.toThrow("has not been made");
    const orphan = { merchant_id: MERCHANT, journal_id: "orphan", subject: "orphan", currency: "EUR", posted_at: AT, business_date: "2026-11-20" };
    await expect(admin`insert into ledger_entries ${admin(legs(5, -5).map(([account, amount], line) => ({ ...orphan, account, amount, line })))}`).rejects.toThrow("which is not there");
    const rows = await admin`select 1 from ledger_journals where journal_id in ('unbalanced', 'one-leg', 'no-leg', 'no-account')`;
    expect(rows).toHaveLength(0);
  });

  it("refuses a leg added later to a balanced journal, and every change", async () => {
    const check = testId("chk");
    await handleOnce(ledgerConsumer, db.consumerUrl, [closed(check, 10, 0, 1)]);
    const row = { merchant_id: MERCHANT, journal_id: `${check}/sale`, account: "1010", subject: check, currency: "EUR", posted_at: AT, business_date: "2026-11-20" };
    await expect(admin`insert into ledger_entries ${admin({ ...row, line: 9, amount: 5 })}`).rejects.toThrow("does not sum to zero");
    await expect(admin`insert into ledger_entries ${admin([{ ...row, line: 8, amount: 5 }, { ...row, line: 9, amount: -5 }])}`).rejects.toThrow("does not sum to zero");
    await expect(admin`update ledger_entries set amount = amount + 1 where subject = ${check}`).rejects.toThrow("insert-only");
    await expect(admin`delete from ledger_journals where journal_id = ${`${check}/sale`}`).rejects.toThrow("insert-only");
    await expect(admin`truncate ledger_entries`).rejects.toThrow("insert-only");
    await expect(admin`delete from ledger_accounts where merchant_id = ${MERCHANT} and account = '1010'`).rejects.toThrow("insert-only");
  });

  it("the same key from another event is refused, and nothing of its batch is written", async () => {
    await write({ id: "key", legs: legs(7, -7) });
    await write({ id: "key", legs: legs(7, -7) });
    await expect(write({ id: "key", event: "another", legs: legs(9, -9) }, { id: "innocent", legs: legs(1, -1) })).rejects.toThrow("was posted for another event");
    expect(await balanceOf("1010", "key")).toBe(7n);
    expect(await balanceOf("1010", "innocent")).toBe(0n);
  });

  it("of N concurrent reversals exactly one wins", async () => {
    await write({ id: "original", legs: legs(30, -30) });
    const tries = Array.from({ length: 8 }, (_, n) => write({ id: `reversal-${n}`, reverses: "original", legs: legs(-30, 30) }));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(String(outcome.reason)).toContain("ledger_journals_merchant_id_reverses_key");
    const [left] = await admin<{ sum: string }[]>`select sum(amount)::text as sum from ledger_entries where account = '1010' and (journal_id = 'original' or journal_id like 'reversal-%')`;
    expect(left?.sum).toBe("0");
  });

  it("the first concurrent use of an account loses nothing", async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `first-${n}`);
    await Promise.all(ids.map((id) => write({ id, currency: "USD", legs: legs(10, -10) })));
    const [row] = await admin<{ debit: string }[]>`select debit::text from ledger_balances where merchant_id = ${MERCHANT} and account = '1010' and currency = 'USD'`;
    expect(row?.debit).toBe("120");
  });

  it("gives the hub's role only its own merchant's books, and nothing to write (tenancy)", async () => {
    const hub = connect(db.hubUrl, { max: 1 });
    try {
      const mine = await inTenant(hub, { organizerId: ORGANIZER, merchantId: OTHER_MERCHANT }, (tx) => tx`select * from ledger_entries`);
      expect(mine).toHaveLength(0);
      await expect(inTenant(hub, { organizerId: ORGANIZER, merchantId: MERCHANT }, (tx) => tx`select ledger_post('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`)).rejects.toThrow("permission denied");
    } finally {
      await hub.end();
    }
  });
});
