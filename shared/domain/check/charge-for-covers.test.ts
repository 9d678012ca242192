import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import type { Actor } from "../command.ts";
import { id, WAITER, type World } from "../testing/given.ts";
import { add, PARTY, phoItem, POLICIES, seated } from "../testing/place.ts";
import { checkTotals } from "./totals.ts";

const BY_SIZE: Policies = {
  ...POLICIES,
  serviceCharge: { rate: "0", taxCode: "food", removable: true, beneficiary: "staff", serviceTypes: ["dine_in"], bySize: [{ minCovers: 6, rate: "0.18", removable: true }, { minCovers: 10, rate: "0.2", removable: false }] },
};
const SOFIA: Actor = { ...WAITER, staff: id("staff", 9), name: "Sofia", capabilities: [...WAITER.capabilities, "approve.adjustments"] };

const check = (w: World) => w.all("check")[0] ?? expect.unreachable();
/** 12.50 of goods: 18 % is 2.25, 20 % is 2.50. */
const charged = (w: World) => String(BigInt(checkTotals(check(w)).total) - 1250n);
const covers = (w: World, n: number) => w.does("party.changeCovers", { party: PARTY, covers: n });

/** The party of two has a Phở. */
function table(): World {
  const w = seated(BY_SIZE);
  add(w, phoItem(1));
  return w;
}

describe("DOM-12: the service charge by the party's size", () => {
  test("follows the covers up and down, on the open bill", () => {
    const w = table();
    expect(charged(w)).toBe("0");
    covers(w, 6);
    expect(charged(w)).toBe("225");
    covers(w, 12);
    expect(charged(w)).toBe("250");
    covers(w, 5);
    expect(charged(w)).toBe("0");
  });

  test("is on the bill from its first item when the party is large", () => {
    const w = seated(BY_SIZE);
    covers(w, 8);
    add(w, phoItem(1));
    expect(charged(w)).toBe("225");
  });

  test("makes a printed bill outdated, and leaves one that is paid alone", () => {
    const w = table();
    w.does("check.present", { check: check(w).id });
    covers(w, 6);
    expect(check(w)).toMatchObject({ outdated: true });
    w.does("order.send", { order: check(w).order, items: [id("item", 1)] });
    w.does("payment.takeCard", { payment: id("payment", 1), check: check(w).id, slip: "1" });
    covers(w, 10);
    expect([check(w).status, charged(w)]).toEqual(["paid", "225"]);
  });

  test("that a person has removed stays removed; restored, it is what the party's size makes it", () => {
    const w = table();
    covers(w, 6);
    w.does("check.removeServiceCharge", { check: check(w).id, reason: "waited" }, SOFIA);
    covers(w, 7);
    expect(charged(w)).toBe("0");
    w.does("check.restoreServiceCharge", { check: check(w).id }, SOFIA);
    expect(charged(w)).toBe("225");
  });

  test("of ten and more cannot be removed", () => {
    const w = table();
    covers(w, 10);
    expect(w.refuses("check.removeServiceCharge", { check: check(w).id, reason: "asked" }, SOFIA)).toMatchObject({ refused: "charge-mandatory" });
  });

  test("counts the party's covers, never a split check's", () => {
    const w = table();
    add(w, phoItem(2));
    covers(w, 6);
    const source = check(w);
    const share = Object.values(source.shares)[1];
    w.does("check.split", { operation: id("operation", 1), check: source.id, into: [{ check: id("check", 77), lines: [{ share: share?.share ?? "" }] }] });
    const totals = w.all("check").map((one) => BigInt(checkTotals(one).total));
    expect(totals).toEqual([1475n, 1475n]);
    covers(w, 2);
    expect(w.all("check").map((one) => BigInt(checkTotals(one).total))).toEqual([1250n, 1250n]);
  });
});
