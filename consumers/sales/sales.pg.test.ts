import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handleOnce, MERCHANT, ORGANIZER, OTHER_MERCHANT, recorded, testId } from "#consumers/testing.ts";
import { connect, inTenant } from "#hub/db/client.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import type { DayReport } from "#shared/events/cash.ts";
import { salesConsumer } from "./consumer.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

it("adds up closed checks and tenders by day and method, each merchant apart", async () => {
  const totals = { currency: "EUR", net: "1000", serviceCharge: "0", taxes: [], tax: "100", total: "1100", paid: "1100", due: "0" };
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const closed = (merchant: string) => recorded("sale.check.closed", testId("chk"), { number: "000001", totals }, merchant);
  const paid = (method: string, amount: string, tip: string, rounding = "0") =>
    recorded("payment.attempt.success", testId("pay"), { tender: { method, amount: eur(amount), tip: eur(tip), roundingDifference: eur(rounding) } });
  await handleOnce(salesConsumer, db.consumerUrl, [closed(MERCHANT), closed(MERCHANT), closed(OTHER_MERCHANT), paid("cash", "702", "0", "-2"), paid("cash", "333", "0", "2"), paid("cash", "104", "0", "1"), paid("card-manual", "1500", "200")]);

  const hub = connect(db.hubUrl, { max: 1 });
  const days = await inTenant(hub, { organizerId: ORGANIZER, merchantId: MERCHANT }, (tx) => tx`select checks, net, tax, total from sales_days`);
  const tenders = await inTenant(hub, { organizerId: ORGANIZER, merchantId: MERCHANT }, (tx) => tx`select method, payments, amount, rounding, tips from sales_tenders order by method`);
  await hub.end();
  expect(days).toEqual([{ checks: 2, net: "2000", tax: "200", total: "2200" }]);
  expect(tenders).toEqual([
    { method: "card-manual", payments: 1, amount: "1500", rounding: "0", tips: "200" },
    { method: "cash", payments: 3, amount: "1139", rounding: "1", tips: "0" },
  ]);
});

describe("the day's paper (DOM-16, DOM-17)", () => {
  const PLACE = "mer_01JD0000000000000000000077";
  const by = { staff: "stf_01JD0000000000000000000001", name: "Sofia" };
  const eur = (amount: number) => ({ amount: String(amount), currency: "EUR" });
  const on = (date: string, event: ReturnType<typeof recorded>) => ({ ...event, envelope: { ...event.envelope, businessdate: date } });
  const tax = { code: "food", name: "VAT 10 %", rate: "0.1", inclusive: false, base: "1000", tax: "100" };
  const totals = { currency: "EUR", net: "1000", serviceCharge: "0", taxes: [tax], tax: "100", adjustments: [{ kind: "discount", amount: "200", net: "200" }], total: "1100", paid: "1100", due: "0" };
  const sale = (date: string, number: string, check = testId("chk")) => on(date, recorded("sale.check.closed", check, { number, totals }, PLACE));
  const money = (date: string, method: string, amount: number) =>
    on(date, recorded("payment.attempt.success", testId("pay"), { tender: { payment: testId("pay"), method, amount: eur(amount), tip: eur(0), roundingDifference: eur(0) } }, PLACE));
  let made = 0;
  /** Its stream begins with the paper: nobody has written the request into this database. */
  const first = (event: ReturnType<typeof recorded>) => ({ ...event, envelope: { ...event.envelope, streamversion: 0 } });
  const ask = (date: string, kind: "x" | "z", from: string | null, to: string) =>
    first(on(date, recorded("cash.report.requested", testId("rpt"), { kind, number: ++made, from, to, merchant: { name: "Place", address: [] }, currency: "EUR", displayDigits: 2, by }, PLACE)));
  const close = (date: string, from: string | null) => on(date, recorded("commerce.day.closed", PLACE, { date, from, number: made + 1, report: testId("rpt"), by }, PLACE));
  async function paper(...events: ReturnType<typeof recorded>[]): Promise<DayReport> {
    const appended = await handleOnce(salesConsumer, db.consumerUrl, events);
    const last = appended.at(-1)?.data as { report: DayReport } | undefined;
    if (last === undefined) throw new Error("no paper was made");
    return last.report;
  }

  it("has sales, taxes by rate, tenders, refunds, drawers, and what goes on", async () => {
    const open = testId("chk");
    const [drawer, running] = [testId("drw"), testId("drw")];
    const opened = (id: string, name: string) => on("2026-11-20", recorded("cash.drawer.opened", id, { name, float: eur(100), by }, PLACE));
    const document = { number: "R1", net: "500", serviceCharge: "0", taxes: [{ ...tax, base: "500", tax: "50" }], tax: "50", tip: "0", overpaid: "0", currency: "EUR" };
    const x = await paper(
      on("2026-11-19", recorded("sale.check.created", open, { label: "T5" }, PLACE)),
      opened(drawer, "Till 1"),
      opened(running, "Till 2"),
      sale("2026-11-20", "000001"),
      sale("2026-11-20", "000002"),
      money("2026-11-20", "cash", 1100),
      money("2026-11-20", "qr", 1100),
      on("2026-11-20", recorded("payment.refund.created", testId("rfd"), document, PLACE)),
      on("2026-11-20", recorded("payment.refund.success", testId("rfd"), { payout: { by: "cash", method: "qr", amount: eur(550), tip: eur(0), rounding: eur(0) } }, PLACE)),
      on("2026-11-20", recorded("payment.house-account.paid", testId("hac"), { method: "cash", amount: eur(1148), rounding: eur(2) }, PLACE)),
      on("2026-11-20", recorded("payment.house-account.paidOut", testId("hac"), { method: "cash", amount: eur(333), rounding: eur(-3) }, PLACE)),
      on("2026-11-20", recorded("payment.house-account.paidOut", testId("hac"), { method: "cash", amount: eur(20), rounding: eur(0) }, PLACE)),
      on("2026-11-20", recorded("cash.drawer.closed", drawer, { counted: eur(90), expected: eur(100), difference: eur(-10), by, number: 7 }, PLACE)),
      ask("2026-11-20", "x", null, "2026-11-20"),
    );
    expect(x).toMatchObject({
      kind: "x",
      from: "2026-11-20",
      sales: { checks: 2, net: eur(2000), discounts: eur(400), tax: eur(200), total: eur(2200), firstReceipt: "000001", lastReceipt: "000002" },
      taxes: [{ code: "food", base: eur(2000), tax: eur(200) }],
      returns: { net: eur(500), tax: eur(50) },
      tenders: [{ method: "cash", amount: eur(1100) }, { method: "qr", amount: eur(1100) }],
      refunds: [{ method: "cash", count: 1, amount: eur(550) }],
      accounts: [{ method: "cash", paid: { count: 1, amount: eur(1150) }, paidOut: { count: 2, amount: eur(350) } }],
      drawers: [{ drawer, number: 7, difference: eur(-10) }],
      openDrawers: [{ drawer: running, name: "Till 2" }],
      openChecks: [{ check: open, label: "T5", openedOn: "2026-11-19" }],
      grandTotal: eur(2200),
    });
  });

  const back = (net: number, serviceCharge: number, base: number, due: number, card = 0) => ({
    number: "R1",
    currency: "EUR",
    net: String(net),
    serviceCharge: String(serviceCharge),
    taxes: [{ ...tax, base: String(base), tax: String(due) }],
    tax: String(due),
    tip: "0",
    overpaid: "0",
    ...(card === 0 ? {} : { cards: [{ card: "gft_01JD0000000000000000000001", amount: eur(card) }] }),
  });
  it.each([
    { what: "a service charge without tax", date: "2026-10-01", document: back(1250, 225, 1250, 111), returns: { net: eur(1475), tax: eur(111), storedValue: eur(0) } },
    { what: "a tax of nothing", date: "2026-10-02", document: back(1250, 225, 0, 0), returns: { net: eur(1475), tax: eur(0), storedValue: eur(0) } },
    { what: "a base that is off by rounding", date: "2026-10-03", document: back(900, 0, 1000, 100), returns: { net: eur(900), tax: eur(100), storedValue: eur(0) } },
    { what: "so little that it has no tax", date: "2026-10-04", document: back(400, 0, 0, 0), returns: { net: eur(400), tax: eur(0), storedValue: eur(0) } },
    { what: "a gift card that nobody used", date: "2026-10-05", document: back(0, 0, 0, 0, 10_000_000), returns: { net: eur(0), tax: eur(0), storedValue: eur(10_000_000) } },
  ])("says of a refund what the books say, nothing once it is cancelled: $what", async ({ date, document, returns }) => {
    const refund = testId("rfd");
    expect((await paper(on(date, recorded("payment.refund.created", refund, document, PLACE)), ask(date, "x", date, date))).returns).toMatchObject(returns);
    const nothing = { net: eur(0), tax: eur(0), storedValue: eur(0) };
    expect((await paper(on(date, recorded("payment.refund.cancelled", refund, { document }, PLACE)), ask(date, "x", date, date))).returns).toMatchObject(nothing);
  });

  it("says of a tip that went back, of coins and of a voucher what the books say, and takes it off again with the voucher (CSH-12)", async () => {
    const date = "2026-10-10";
    const [check, voucher, payment] = [testId("chk"), testId("vch"), testId("pay")];
    const document = { ...back(11_363, 0, 11_363, 1137), tip: "50" };
    const payout = { payment, by: "cash", method: "cash", amount: eur(12_500), tip: eur(50), rounding: eur(2) };
    const used = { payment, check, issuer: "Edenred", code: "1", value: eur(2000), amount: eur(1450), forfeited: eur(550) };
    const tender = { payment, method: "voucher", amount: eur(1450), tip: eur(0), roundingDifference: eur(0) };
    const x = await paper(
      on(date, recorded("payment.refund.created", testId("rfd"), document, PLACE)),
      on(date, recorded("payment.refund.success", testId("rfd"), { payout }, PLACE)),
      on(date, recorded("payment.attempt.success", payment, { tender }, PLACE)),
      on(date, recorded("payment.voucher.used", voucher, used, PLACE)),
      ask(date, "x", date, date),
    );
    expect(x).toMatchObject({
      returns: { net: eur(11_363), tax: eur(1137), tips: eur(50), pending: eur(0) },
      refunds: [{ method: "cash", amount: eur(12_552), rounding: eur(2) }],
      refunded: eur(12_552),
      tenders: [{ method: "voucher", payments: 1, amount: eur(1450), forfeited: eur(550) }],
      taken: eur(2000),
    });
    const taken = await paper(on(date, recorded("payment.attempt.reversed", payment, { tender }, PLACE)), on(date, recorded("payment.voucher.released", voucher, { payment }, PLACE)), ask(date, "x", date, date));
    expect(taken).toMatchObject({ tenders: [{ method: "voucher", payments: 0, amount: eur(0), forfeited: eur(0) }], taken: eur(0) });
  });

  it("a Z never changes: what was dated before it but came after joins the next day", async () => {
    const z = await paper(close("2026-11-20", null), ask("2026-11-20", "z", null, "2026-11-20"));
    expect(z.sales.total).toEqual(eur(2200));
    // A waiter's tap that was dated a moment before the close, and a refund after it.
    const next = await paper(sale("2026-11-20", "000003"), money("2026-11-20", "cash", 1100), ask("2026-11-21", "x", "2026-11-21", "2026-11-21"));
    expect(next).toMatchObject({ from: "2026-11-21", sales: { checks: 1, firstReceipt: "000003" }, tenders: [{ method: "cash", amount: eur(1100) }], grandTotal: eur(3300) });
    const again = await paper(ask("2026-11-21", "x", null, "2026-11-20"));
    expect({ ...again.sales }).toEqual({ ...z.sales });
  });

  it("the same request makes the same paper, once, however often it comes", async () => {
    const request = ask("2026-11-21", "x", null, "2026-11-21");
    const first = await handleOnce(salesConsumer, db.consumerUrl, [request]);
    expect(await handleOnce(salesConsumer, db.consumerUrl, [request])).toEqual([]);
    expect(first.map(({ type }) => type)).toEqual(["cash.report.made"]);
  });

  it("stored papers are found again, one of a number", async () => {
    const report = { ...(await paper(ask("2026-11-21", "x", null, "2026-11-21"))) };
    const stored = on("2026-11-21", recorded("cash.report.made", testId("rpt"), { report }, PLACE));
    await handleOnce(salesConsumer, db.consumerUrl, [stored]);
    await handleOnce(salesConsumer, db.consumerUrl, [stored]);
    const hub = connect(db.hubUrl, { max: 1 });
    const rows = await inTenant(hub, { organizerId: ORGANIZER, merchantId: PLACE }, (tx) => tx`select scope, kind, number from cash_reports`);
    await hub.end();
    expect(rows).toEqual([{ scope: "day", kind: "x", number: report.number }]);
  });
});
