import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handleOnce, MERCHANT, recorded, testId } from "#consumers/testing.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { waitFor } from "#hub/log/testing/wait-for.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { stockConsumer } from "./consumer.ts";
import { asDecimal, thousandths } from "./movements.ts";

let db: TestDatabase;
let admin: Sql;
beforeAll(async () => {
  db = await testDatabase();
  admin = connect(db.adminUrl, { max: 1 });
});
afterAll(async () => {
  await admin.end();
  await db.drop();
});

const apply = (...events: ParsedEvent[]) => handleOnce(stockConsumer, db.consumerUrl, events);
const order = testId("ord");
const by = { staff: testId("stf"), name: "Mai" };

async function ingredient(onHand: string): Promise<string> {
  const id = testId("ing");
  await apply(
    recorded("stock.ingredient.created", id, { name: "Milk", unit: "ml", lowBelow: "500" }),
    recorded("stock.ingredient.counted", id, { quantity: onHand, reason: "opening" }),
  );
  return id;
}
function item(ingredientId: string, each: string, quantity: string, fired: boolean) {
  return { item: testId("itm"), quantity, recipe: [{ ingredient: ingredientId, quantity: each }], fired };
}
async function onHand(id: string): Promise<string | undefined> {
  const [row] = await admin<{ on_hand: string }[]>`select on_hand from stock_levels where ingredient_id = ${id}`;
  return row?.on_hand;
}
async function sums(id: string): Promise<Record<string, string>> {
  const rows = await admin<{ reason: string; sum: string }[]>`select reason, sum(quantity)::text as sum from stock_movements where ingredient_id = ${id} group by reason`;
  return Object.fromEntries(rows.map((row) => [row.reason, row.sum]));
}

describe("ingredients by recipe", () => {
  it("leave the shelf when an item is fired, not while it is held", async () => {
    const milk = await ingredient("1000");
    const now = item(milk, "200", "2", true);
    const later = item(milk, "150", "1.5", false);
    await apply(recorded("sale.order.sent", order, { header: {}, items: [now, later], by }));
    expect(await onHand(milk)).toBe("600.000");
    await apply(recorded("sale.order.courseFired", order, { header: {}, course: 2, items: [{ ...later, fired: true }], by }));
    expect(await onHand(milk)).toBe("375.000");
  });

  it("come by a delivery, once; a count says what is there", async () => {
    const milk = await ingredient("1000");
    const delivery = recorded("stock.ingredient.received", milk, { delivery: testId("dlv"), supplier: "Latteria", note: null, quantity: "20000.5", cost: { amount: "2200", currency: "EUR" }, tax: { amount: "220", currency: "EUR" }, paid: "later", by });
    await apply(delivery);
    await apply(delivery, recorded("stock.ingredient.counted", milk, { quantity: "20900", reason: "month's end" }));
    expect(await onHand(milk)).toBe("20900.000");
    expect(await sums(milk)).toEqual({ count: "899.500", delivery: "20000.500" });
  });

  it("come back when a fired item is voided before it was made", async () => {
    const milk = await ingredient("1000");
    const latte = item(milk, "200", "1", true);
    await apply(
      recorded("sale.order.sent", order, { header: {}, items: [latte], by }),
      recorded("sale.order.itemVoided", order, { item: latte.item, voided: latte, remaining: null, reason: "guest left", wasFired: true, wasMade: false, by }),
    );
    expect(await onHand(milk)).toBe("1000.000");
    expect(await sums(milk)).toEqual({ count: "1000.000", sale: "-200.000", return: "200.000" });
  });

  it("are waste when it was made", async () => {
    const milk = await ingredient("1000");
    const latte = item(milk, "200", "1", true);
    await apply(
      recorded("sale.order.sent", order, { header: {}, items: [latte], by }),
      recorded("sale.order.itemVoided", order, { item: latte.item, voided: latte, remaining: null, reason: "wrong table", wasFired: true, wasMade: true, by }),
    );
    expect(await onHand(milk)).toBe("800.000");
    expect(await sums(milk)).toEqual({ count: "1000.000", sale: "-200.000", return: "200.000", waste: "-200.000" });
  });

  it("half a portion takes half, once: the recipe has the variant's factor already (ORD-6)", async () => {
    const milk = await ingredient("1000");
    const small = { ...item(milk, "100", "3", true), variant: { variant: "small", name: "small", stockFactor: "0.5" }, portions: "1.5" };
    await apply(recorded("sale.order.sent", order, { header: {}, items: [small], by }));
    expect(await onHand(milk)).toBe("700.000");
  });

  it("were never taken for a held item, so its void moves nothing", async () => {
    const milk = await ingredient("1000");
    const held = item(milk, "200", "1", false);
    await apply(
      recorded("sale.order.sent", order, { header: {}, items: [held], by }),
      recorded("sale.order.itemVoided", order, { item: held.item, voided: held, remaining: null, reason: "changed mind", wasFired: false, by }),
    );
    expect(await sums(milk)).toEqual({ count: "1000.000" });
  });

  it("a count sets the level and records the difference; the level is the sum of movements", async () => {
    const milk = await ingredient("1000");
    await apply(recorded("sale.order.sent", order, { header: {}, items: [item(milk, "333.333", "1", true)], by }));
    await apply(recorded("stock.ingredient.counted", milk, { quantity: "600", reason: "evening count" }));
    expect(await onHand(milk)).toBe("600.000");
    const [row] = await admin`select sum(quantity)::text as sum from stock_movements where merchant_id = ${MERCHANT} and ingredient_id = ${milk}`;
    expect(row?.["sum"]).toBe("600.000");
  });

  it("a replay from an empty shelf gives the same levels (RUN-5)", async () => {
    const milk = testId("ing");
    const latte = item(milk, "200", "3", true);
    const history = [
      recorded("stock.ingredient.created", milk, { name: "Milk", unit: "ml", lowBelow: "500" }),
      recorded("stock.ingredient.counted", milk, { quantity: "2000", reason: "opening" }),
      recorded("sale.order.sent", order, { header: {}, items: [latte], by }),
      recorded("sale.order.itemVoided", order, { item: latte.item, voided: { ...latte, quantity: "1" }, remaining: "2", reason: "one less", wasFired: true, by }),
    ];
    await apply(...history);
    const first = [await onHand(milk), await sums(milk)];
    await admin`delete from stock_movements`;
    await admin`delete from stock_levels`;
    for (const event of history) await apply(event);
    expect([await onHand(milk), await sums(milk)]).toEqual(first);
  });
});

describe("thousandths", () => {
  it.each([["1", 1000n], ["0.5", 500n], ["12.345", 12345n]] as const)("%s is %d", (text, amount) => {
    expect(thousandths(text)).toBe(amount);
    expect(Number(asDecimal(amount))).toBe(Number(text));
  });
  it("keeps the sign", () => expect(asDecimal(-1500n)).toBe("-1.500"));

  it("are moved without reading what was moved before, or what other places have, however long that is", async () => {
    const milk = await ingredient("1000");
    const sent = () => recorded("sale.order.sent", order, { header: {}, items: [item(milk, "1", "1", true)], by });
    // A plan is made while there is little.
    await apply(sent());
    await admin`
      insert into stock_movements (merchant_id, event_id, line, ingredient_id, quantity, reason, business_date, recorded_at)
      select ${MERCHANT}, 'evt_' || n, 0, ${milk}, 0, 'sale', '2026-11-20', now() from generate_series(1, 5000) n`;
    await admin`insert into stock_levels (merchant_id, ingredient_id, name, unit, low_below) select ${MERCHANT}, 'ing_' || n, 'Milk', 'ml', 1 from generate_series(1, 5000) n`;
    const before = await rowsRead();
    for (let n = 0; n < 7; n++) await apply(sent(), sent());
    expect((await rowsRead()) - before).toBeLessThan(500);
    expect(await onHand(milk)).toBe("985.000");
  });
});

/** Of the stock's tables, by whatever way; a connection has told all of it when it ends. */
async function rowsRead(): Promise<number> {
  await waitFor("the end of the consumers' connections", 10_000, async () => (await admin`select from pg_stat_activity where datname = current_database() and usename like 'comanda_consumer%'`).length === 0);
  const [row] = await admin<{ read: number }[]>`select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_user_tables where relname in ('stock_movements', 'stock_levels')`;
  return row?.read ?? 0;
}
