import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import { sharePrices } from "../payment/share-prices.ts";
import { id, MANAGER, type World } from "../testing/given.ts";
import { add, burgerItem, phoItem, POLICIES, seated, TABLES } from "../testing/place.ts";
import { checkTotals } from "./totals.ts";

const tenPercent = (removable: boolean): Policies => ({ ...POLICIES, serviceCharge: { rate: "0.1", taxCode: "drink", removable, beneficiary: "staff", serviceTypes: ["dine_in"] } });
const BY_SIZE: Policies = { ...POLICIES, serviceCharge: { rate: "0", taxCode: null, removable: true, beneficiary: "staff", serviceTypes: ["dine_in"], bySize: [{ minCovers: 6, rate: "0.18", removable: false }] } };
const op = (n: number) => id("operation", n);

/** A table's bill of 12.50 with its charge, and one of 14.90 that is taken away, without. */
function tableAndPickup(policies: Policies) {
  const w = seated(policies);
  const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "till" as const, customer: null, promisedAt: null };
  const table = add(w, phoItem(1)).check;
  const pickup = w.does("order.addItems", { order: id("order", 7), opening, items: [burgerItem(7)] }).result.check;
  return { w, table, pickup };
}
const totals = (w: World, check: string) => checkTotals(w.get("check", check) ?? expect.unreachable());
const total = (w: World, check: string) => totals(w, check).total;
const shareOf = (w: World, check: string) => Object.keys(w.get("check", check)?.shares ?? {})[0] ?? expect.unreachable();
const bare = (w: World, check: string) => {
  const { shares, tenders, status } = w.get("check", check) ?? expect.unreachable();
  return { shares, tenders, status, totals: totals(w, check) };
};

describe("CHK-31: a line keeps its service charge", () => {
  test.each([true, false])("a table's bill merged into one that is taken away, or the other way round, comes to both together (removable: %s)", (removable) => {
    for (const isPickupTarget of [true, false]) {
      const { w, table, pickup } = tableAndPickup(tenPercent(removable));
      expect([total(w, table), total(w, pickup)]).toEqual(["1375", "1490"]);
      const was = [bare(w, table), bare(w, pickup)];
      const [target, source] = isPickupTarget ? [pickup, table] : [table, pickup];
      w.does("check.merge", { operation: op(1), target, sources: [source] });
      expect(totals(w, target)).toMatchObject({ total: "2865", serviceCharge: "105" });
      expect(totals(w, target).serviceChargeRate).toBeUndefined();
      w.does("check.undo", { operation: op(1), check: target });
      expect([bare(w, table), bare(w, pickup)]).toEqual(was);
    }
  });

  test("one line moved, half of it moved on, all of it moved home: the charge goes along and comes back", () => {
    const { w, table, pickup } = tableAndPickup(tenPercent(false));
    const was = bare(w, table);
    w.does("check.split", { operation: op(1), check: table, into: [{ check: pickup, lines: [{ share: shareOf(w, table) }] }] });
    expect([total(w, table), total(w, pickup)]).toEqual(["0", "2865"]);
    w.does("check.share", { operation: op(2), check: pickup, items: [id("item", 1)], among: [table, pickup] });
    expect([total(w, table), total(w, pickup)].reduce((sum, each) => sum + BigInt(each), 0n)).toBe(2865n);
    w.does("check.share", { operation: op(3), check: pickup, items: [id("item", 1)], among: [table] });
    expect(bare(w, table).totals).toEqual(was.totals);
    expect(Object.values(bare(w, table).shares)[0]).not.toHaveProperty("charge");
  });

  test("a large party's 18 % does not go with its covers", () => {
    const w = seated(BY_SIZE);
    w.does("party.changeCovers", { party: id("party", 1), covers: 8 });
    const large = add(w, phoItem(1)).check;
    w.does("party.seat", { party: id("party", 2), order: id("order", 2), tables: [TABLES.t6], covers: 2, whenOccupied: "refuse" });
    const small = w.does("order.addItems", { order: id("order", 2), party: id("party", 2), items: [phoItem(2)] }).result.check;
    w.does("check.merge", { operation: op(1), target: small, sources: [large] });
    expect(totals(w, small)).toMatchObject({ total: "2725", serviceCharge: "225" });
    expect(w.refuses("check.removeServiceCharge", { check: small, reason: "asked" }, MANAGER)).toMatchObject({ refused: "charge-mandatory" });
  });

  test("what came with a removable charge is left without it by a manager's word, and gets it back", () => {
    const { w, table, pickup } = tableAndPickup(tenPercent(true));
    w.does("check.merge", { operation: op(1), target: pickup, sources: [table] });
    w.does("check.removeServiceCharge", { check: pickup, reason: "asked" }, MANAGER);
    expect(total(w, pickup)).toBe("2740");
    w.does("check.restoreServiceCharge", { check: pickup }, MANAGER);
    expect(total(w, pickup)).toBe("2865");
  });

  test("taken off a part, it stays off when the split is undone or merged, and on the others it stays on", () => {
    for (const type of ["check.undo", "check.merge"] as const) {
      const w = seated(tenPercent(true));
      const table = add(w, phoItem(1)).check;
      add(w, phoItem(2));
      w.does("check.split", { operation: op(1), check: table, into: [{ check: id("check", 77), lines: [{ share: shareOf(w, table) }] }] });
      w.does("check.removeServiceCharge", { check: id("check", 77), reason: "asked" }, MANAGER);
      if (type === "check.undo") w.does(type, { operation: op(1), check: table });
      else w.does(type, { operation: op(2), target: table, sources: [id("check", 77)] });
      expect(total(w, table)).toBe("2625");
    }
  });

  test("a refund gives back with each line the charge that the line bore", () => {
    const { w, table, pickup } = tableAndPickup(tenPercent(true));
    w.does("check.merge", { operation: op(1), target: pickup, sources: [table] });
    const check = w.get("check", pickup) ?? expect.unreachable();
    const prices = sharePrices(check, checkTotals(check));
    expect(Object.values(check.shares).map(({ share, item }) => [item, prices.get(share)?.gross])).toEqual([[id("item", 7), 1490n], [id("item", 1), 1375n]]);
  });
});
