import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import { profileOf } from "../merchant/state.ts";
import { id, MANAGER, OPERATOR, type World } from "../testing/given.ts";
import { add, MERCHANT, phoItem, POLICIES, seated } from "../testing/place.ts";
import { rp, RUPIAH, soto, warung } from "../testing/rupiah.ts";
import { partsOf } from "./parts.ts";
import { checkTotals } from "./totals.ts";

const checkOf = (w: World, check: string) => w.get("check", check) ?? expect.unreachable();
const totals = (w: World, check: string) => checkTotals(checkOf(w, check));
const guests = (many: number) => Array.from({ length: many }, (_, i) => ({ part: id("part", i + 1), name: `Guest ${i + 1}` }));
const parts = (w: World, check: string) => partsOf(checkOf(w, check)).parts.map(({ due }) => due);
const shareOf = (w: World, check: string, item: number) => Object.values(checkOf(w, check).shares).find((share) => share.item === id("item", item))?.share ?? expect.unreachable();

describe("CHK-3a: nobody can pay a sen", () => {
  test("three soto at Rp 39.900 with 5 % and 10 % are Rp 138.253,50: the tax of 12.568,50 is 12.569, the bill 138.254", () => {
    const w = warung();
    expect(totals(w, soto(w, 3))).toMatchObject({ subtotal: "11970000", serviceCharge: "598500", tax: "1256900", total: "13825400" });
  });

  test("in three equal parts they are 46.085, 46.085 and 46.084: what is shown makes the whole", () => {
    const w = warung();
    const check = soto(w, 3);
    w.does("check.setParts", { check, parts: guests(3) });
    expect(parts(w, check)).toEqual([4608500n, 4608500n, 4608400n]);
  });

  test("each on a bill of its own: 46.084,50 three times are 46.085, 46.085 and 46.084 too", () => {
    const w = warung();
    const check = soto(w, 3);
    const into = [2, 3].map((n) => ({ check: id("check", 9_000_000 + n), lines: [{ share: shareOf(w, check, n) }] }));
    w.does("check.split", { operation: id("operation", 1), check, into });
    expect([check, ...into.map((one) => one.check)].map((one) => totals(w, one).total)).toEqual(["4608500", "4608500", "4608400"]);
  });

  test("a tea at Rp 12.500 that three share is 4.167, 4.167 and 4.166", () => {
    const w = warung({ ...RUPIAH, serviceCharge: null, taxes: [{ code: "pb1", name: "PB1", rate: "0", inclusive: false }] });
    const { check } = w.does("order.addItems", { order: id("order", 1), party: id("party", 1), items: [{ item: id("item", 1), product: id("product", 2) }] }).result;
    const thirds = [9_000_001, 9_000_002].map((n, i) => ({ check: id("check", n), lines: [{ share: shareOf(w, check, 1), fraction: { numerator: 1, denominator: 3 - i } }] }));
    w.does("check.split", { operation: id("operation", 1), check, into: thirds });
    expect([check, ...thirds.map((one) => one.check)].map((one) => totals(w, one).total).sort()).toEqual(["416600", "416700", "416700"]);
  });

  test.each([["half-up", "1256900"], ["half-even", "1256800"], ["down", "1256800"]] as const)("%s counts rupiah: the tax of 12.568,50 is %s sen", (mode, tax) => {
    const w = warung({ ...RUPIAH, rounding: { mode, level: "check" } });
    expect(totals(w, soto(w, 3))).toMatchObject({ serviceCharge: "598500", tax });
  });

  test("15 % off three soto at 39.900 is 5.985 each, 12.5 % is 4.988 each: whole rupiah line by line", () => {
    for (const [rate, off, left] of [["0.15", "1795500", "10174500"], ["0.125", "1496400", "10473600"]] as const) {
      const w = warung();
      const check = soto(w, 3);
      w.does("check.adjust", { check, adjustment: id("adjustment", 1), kind: "discount", rate, reason: "regular" }, MANAGER);
      expect([totals(w, check).adjustments, totals(w, check).net]).toEqual([[{ kind: "discount", amount: off, net: off }], left]);
    }
  });

  test("a tax that is inside, and inside the charge too: every figure of the bill is whole rupiah", () => {
    const w = warung({ ...RUPIAH, taxes: [{ code: "pb1", name: "PB1", rate: "0.11", inclusive: true }] });
    const { net, serviceCharge, tax, total } = totals(w, soto(w, 3));
    for (const amount of [net, serviceCharge, tax, total]) expect(Number(amount) % 100).toBe(0);
    expect(BigInt(net) + BigInt(serviceCharge) + BigInt(tax)).toBe(BigInt(total));
    expect(total).toBe("12568500");
  });

  test("a price from before with 20 sen in it: they stay with the first, and all of it off leaves nothing", () => {
    const w = warung({ ...RUPIAH, serviceCharge: null, taxes: [{ code: "pb1", name: "PB1", rate: "0", inclusive: false }] }, 2);
    w.does("commerce.changePriceRules", { was: [], rules: [{ rule: "sen", name: "Sen", days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "23:59", products: [id("product", 1)], categories: [], change: { kind: "price", price: rp(10_000.2) } }] }, OPERATOR);
    withoutDecimals(w);
    const check = soto(w, 1);
    w.does("check.setParts", { check, parts: guests(3) });
    expect(parts(w, check)).toEqual([333420n, 333300n, 333300n]);
    w.does("check.adjust", { check, adjustment: id("adjustment", 1), kind: "comp", rate: "1", reason: "cold" }, MANAGER);
    expect(totals(w, check).total).toBe("0");
  });

  test("a bill from before says no unit, and reads to the sen as it did", () => {
    const old: Policies = { ...POLICIES, taxes: POLICIES.taxes.map((tax) => ({ ...tax, rate: "0.0875", inclusive: false })) };
    const w = seated(old);
    const { check } = add(w, phoItem(1));
    expect(checkOf(w, check).policies).toEqual(old);
    expect(totals(w, check)).toMatchObject({ tax: "109", total: "1359" });
  });
});

function withoutDecimals(w: World): void {
  const was = profileOf(w.get("merchant", MERCHANT) ?? expect.unreachable());
  w.does("commerce.changeProfile", { was, profile: { ...was, displayDigits: 0 } }, OPERATOR);
}
