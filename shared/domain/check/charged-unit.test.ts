import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import type { Money } from "#shared/events/primitives.ts";
import { giftCardOf } from "../gift-card/gift-card.ts";
import { profileOf } from "../merchant/state.ts";
import { reported } from "../payment/testing.ts";
import { id, MANAGER, OPERATOR, type World } from "../testing/given.ts";
import { add, DRAWER, MERCHANT, ORDER, PARTY, phoItem, POLICIES, seated } from "../testing/place.ts";
import { openRupiahDrawer, rp, RUPIAH, SOTO, SOTO_DISH, soto, warung } from "../testing/rupiah.ts";
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

const rupiahOnly = (field: string) => ({ refused: "not-in-units", field, unit: rp(1) });
const SEN = rp(20_000.5);
const ACCOUNT = id("houseAccount", 1);

describe("CHK-3b: an amount that nobody can pay is refused at the door, by its field", () => {
  const paying = (method: "takeCash" | "takeCard", more: object) => {
    const w = warung();
    openRupiahDrawer(w);
    const check = soto(w, 3);
    const way = method === "takeCash" ? { drawer: DRAWER, tendered: rp(200_000) } : { slip: "1" };
    return w.attempt(`payment.${method}`, { payment: id("payment", 1), check, ...way, ...more } as never, MANAGER);
  };

  test.each([
    ["takeCash", "amount"], ["takeCash", "tip"], ["takeCash", "tendered"], ["takeCard", "amount"], ["takeCard", "tip"],
  ] as const)("payment.%s: %s", (method, field) => {
    expect(paying(method, { [field]: field === "tendered" ? rp(200_000.5) : SEN })).toMatchObject({ ok: false, refusal: rupiahOnly(field) });
    expect(paying(method, { [field]: field === "tendered" ? rp(200_001) : rp(20_001) })).toMatchObject({ ok: true });
  });

  test("what is shown as due is what is due: typed, it pays", () => {
    const w = warung();
    const check = soto(w, 3);
    w.does("check.setParts", { check, parts: guests(3) });
    for (const [n, rupiah] of [[1, 46_085], [2, 46_085], [3, 46_084]] as const) w.does("payment.takeCard", { payment: id("payment", n), check, part: id("part", n), amount: rp(rupiah), slip: "1" });
    expect(totals(w, check).due).toBe("0");
  });

  test("a terminal is asked for whole rupiah, held, raised and taken ones too, with whole tips", () => {
    const w = warung();
    const check = soto(w, 3);
    w.does("commerce.connectProvider", { provider: "terminal-1", kind: "terminal", name: "Terminal" }, MANAGER);
    w.does("check.setParts", { check, parts: guests(3) });
    const start = { payment: id("payment", 1), check, part: id("part", 3), provider: "terminal-1" };
    expect(w.refuses("payment.startAttempt", { ...start, amount: SEN })).toEqual(rupiahOnly("amount"));
    expect(w.refuses("payment.startAttempt", { ...start, tip: rp(0.5) })).toEqual(rupiahOnly("tip"));
    expect(w.refuses("payment.startAttempt", { ...start, capture: "later", amount: SEN })).toEqual(rupiahOnly("amount"));
    expect(w.does("payment.startAttempt", start).result.amount).toEqual(rp(46_084));
    const held = { ...start, payment: id("payment", 2), part: id("part", 1), capture: "later" as const };
    expect(w.does("payment.startAttempt", held).result.amount).toEqual(rp(46_085));
    reported(w, held.payment, { said: "authorized", amount: 4_608_500n });
    expect(w.refuses("payment.increment", { payment: held.payment, amount: rp(50_000.5) })).toEqual(rupiahOnly("amount"));
    expect(w.refuses("payment.capture", { payment: held.payment, amount: SEN })).toEqual(rupiahOnly("amount"));
    expect(w.refuses("payment.adjustTip", { payment: held.payment, tip: rp(0.5) })).toEqual(rupiahOnly("tip"));
    expect(w.does("payment.capture", { payment: held.payment }).result.amount).toEqual(rp(46_085));
  });

  test("a discount, a part, a tip that is changed", () => {
    const w = warung();
    const check = soto(w, 3);
    expect(w.refuses("check.adjust", { check, adjustment: id("adjustment", 1), kind: "discount", amount: SEN, reason: "regular" }, MANAGER)).toEqual(rupiahOnly("amount"));
    expect(w.refuses("check.setParts", { check, parts: [{ part: id("part", 1), name: "A", amount: SEN }, { part: id("part", 2), name: "B" }] })).toEqual(rupiahOnly("amount"));
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    expect(w.refuses("payment.adjustTip", { payment: id("payment", 1), tip: rp(0.5) })).toEqual(rupiahOnly("tip"));
  });

  test("a refund by amount, and how it goes out; three quarters of a bill are whole rupiah at every rate", () => {
    const w = warung();
    openRupiahDrawer(w);
    const check = soto(w, 3);
    w.does("order.send", { order: ORDER, items: [1, 2, 3].map((n) => id("item", n)) });
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    w.does("check.close", { check });
    const refund = { refund: id("refund", 1), check, reason: "cold" };
    const by = (amount: Money) => [{ payment: id("payment", 1), amount, by: "same" as const }];
    expect(w.refuses("payment.refund", { ...refund, what: { kind: "amount", amount: SEN } }, MANAGER)).toEqual(rupiahOnly("amount"));
    expect(w.refuses("payment.refund", { ...refund, what: { kind: "amount", amount: rp(20_001) }, payouts: by(SEN) }, MANAGER)).toMatchObject({ refused: "payouts-mismatch" });
    w.does("payment.refund", { ...refund, what: { kind: "amount", amount: rp(100_001) }, payouts: by(rp(100_001)) }, MANAGER);
    const { net = "", serviceCharge = "", tax = "" } = w.get("refund", id("refund", 1))?.document ?? {};
    expect([net, serviceCharge, tax].map((amount) => Number(amount) % 100)).toEqual([0, 0, 0]);
    expect(BigInt(net) + BigInt(serviceCharge) + BigInt(tax)).toBe(10_000_100n);
  });

  test("the drawer: float, count, what is put in and taken out", () => {
    const w = warung();
    expect(w.refuses("drawer.open", { drawer: DRAWER, name: "Till 1", float: SEN })).toEqual(rupiahOnly("float"));
    openRupiahDrawer(w);
    const movement = { drawer: DRAWER, movement: id("movement", 1), amount: SEN, reason: "change" };
    expect(w.refuses("drawer.payIn", { ...movement, from: "safe" })).toEqual(rupiahOnly("amount"));
    expect(w.refuses("drawer.payOut", { ...movement, for: "expense" }, MANAGER)).toEqual(rupiahOnly("amount"));
    expect(w.refuses("drawer.drop", movement)).toEqual(rupiahOnly("amount"));
    expect(w.refuses("drawer.payTips", { drawer: DRAWER, movement: id("movement", 1), amount: SEN, to: id("staff", 1) }, MANAGER)).toEqual(rupiahOnly("amount"));
    expect(w.refuses("drawer.close", { drawer: DRAWER, counted: SEN })).toEqual(rupiahOnly("counted"));
  });

  test("prices and happy hours; what is there already may keep its sen", () => {
    const w = warung();
    expect(w.refuses("catalog.updateProduct", { ...SOTO_DISH, price: SEN }, OPERATOR)).toEqual(rupiahOnly("price"));
    expect(w.refuses("catalog.createProduct", { ...SOTO_DISH, product: id("product", 9), variants: [{ variant: "xl", name: "XL", price: SEN, stockFactor: "1" }] }, OPERATOR)).toEqual(rupiahOnly("price"));
    const rule = { rule: "sen", name: "Sen", days: [1], from: "10:00", to: "11:00", products: [SOTO], categories: [] };
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [{ ...rule, change: { kind: "amount-off", amount: rp(0.5) } }] }, OPERATOR)).toEqual(rupiahOnly("price"));
    const before = warung(RUPIAH, 2);
    before.does("catalog.updateProduct", { ...SOTO_DISH, price: SEN }, OPERATOR);
    withoutDecimals(before);
    before.does("catalog.updateProduct", { ...SOTO_DISH, price: SEN, names: { ...SOTO_DISH.names, button: "Soto" } }, OPERATOR);
  });

  test("the limit of a house account; one that is there already may keep its sen, and so may what an ingredient costs: nobody is charged it", () => {
    const boss = { ...MANAGER, capabilities: [...MANAGER.capabilities, "manage.settings" as const] };
    const w = warung(RUPIAH, 2);
    w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: SEN }, boss);
    withoutDecimals(w);
    expect(w.refuses("payment.openHouseAccount", { account: id("houseAccount", 2), name: "Bank", limit: SEN }, boss)).toEqual(rupiahOnly("limit"));
    expect(w.refuses("payment.changeHouseAccount", { account: ACCOUNT, limit: rp(10_000.5) }, boss)).toEqual(rupiahOnly("limit"));
    w.does("payment.changeHouseAccount", { account: ACCOUNT, name: "Hotel Luna", limit: SEN }, boss);
    w.does("payment.changeHouseAccount", { account: ACCOUNT, limit: rp(10_000) }, boss);
    w.does("catalog.createIngredient", { ingredient: id("ingredient", 9), name: "Salt", unit: "g", lowBelow: "0", cost: { amount: rp(12.5), per: "1000" } }, OPERATOR);
  });

  test("a gift card that has a sen on it gives whole rupiah, and an account with one is paid to the sen", () => {
    const w = warung(RUPIAH, 2);
    w.does("catalog.createProduct", { ...SOTO_DISH, product: id("product", 9), price: SEN, kind: "stored-value" }, OPERATOR);
    const { check } = w.does("order.addItems", { order: ORDER, party: PARTY, items: [{ item: id("item", 9), product: id("product", 9) }] }).result;
    w.does("order.send", { order: ORDER, items: [id("item", 9)] });
    w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: null }, { ...MANAGER, capabilities: [...MANAGER.capabilities, "manage.settings"] });
    w.does("payment.takeHouseAccount", { payment: id("payment", 1), check, account: ACCOUNT });
    w.does("check.close", { check });
    withoutDecimals(w);
    const next = soto(w, 3);
    const { tender } = w.does("payment.takeGiftCard", { payment: id("payment", 2), check: next, card: giftCardOf(id("item", 9)) }).result;
    expect([tender.amount, totals(w, next).due]).toEqual([rp(20_000), rp(118_254).amount]);
    const pay = { account: ACCOUNT, payment: id("payment", 3), method: { method: "card-manual" as const, slip: "1" } };
    expect(w.refuses("payment.payHouseAccount", { ...pay, amount: rp(10_000.5) })).toEqual(rupiahOnly("amount"));
    expect(w.does("payment.payHouseAccount", { ...pay, amount: SEN }).result.balance).toEqual(rp(0));
  });

  test("a bill from before with a sen in it is paid to the sen, and a bill of old prices when all of it is named", () => {
    const w = warung(RUPIAH, 2);
    const before = soto(w, 3);
    expect(totals(w, before).due).toBe("13825350");
    withoutDecimals(w);
    w.does("payment.takeCard", { payment: id("payment", 1), check: before, amount: { amount: "13825350", currency: "IDR" }, slip: "1" });
    expect(totals(w, before).due).toBe("0");
  });
});

function withoutDecimals(w: World): void {
  const was = profileOf(w.get("merchant", MERCHANT) ?? expect.unreachable());
  w.does("commerce.changeProfile", { was, profile: { ...was, displayDigits: 0 } }, OPERATOR);
}
