import { afterAll, beforeAll, expect, it } from "vitest";
import { handleOnce, MERCHANT, ORGANIZER, OTHER_MERCHANT, recorded, testId } from "#consumers/testing.ts";
import { connect, inTenant } from "#hub/db/client.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { salesConsumer } from "./consumer.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

it("adds up closed checks and tenders by day and method, each merchant apart", async () => {
  const totals = { currency: "EUR", net: "1000", serviceCharge: "0", taxes: [], tax: "100", total: "1100", paid: "1100", due: "0" };
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const closed = (merchant: string) => recorded("sale.check.closed", testId("chk"), { totals }, merchant);
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
