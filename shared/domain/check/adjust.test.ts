import { describe, expect, test } from "vitest";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import type { CommandInput } from "../registry.ts";
import { id, MANAGER, type World } from "../testing/given.ts";
import { eur, latteItem, ORDER, PARTY, phoItem, POLICIES, seated } from "../testing/place.ts";
import { chargeOf } from "./charge.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";
import { familyView } from "./view.ts";

const B = id("check", 9_000_001);
const C = id("check", 9_000_002);
const adj = (n: number) => id("adjustment", n);
const CHARGED = { ...POLICIES, serviceCharge: { rate: "0.1", taxCode: null, removable: true, beneficiary: "house" as const, serviceTypes: ["dine_in" as const] } };

function ready(policies = POLICIES) {
  const w = seated(policies);
  const { check } = w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1, { seat: 1 }), latteItem(2, { seat: 2, quantity: "3" })] }).result;
  w.does("order.send", { order: ORDER, items: [id("item", 1), id("item", 2)] });
  return { w, A: check };
}
const checkOf = (w: World, check: string): CheckState => w.get("check", check) ?? (undefined as never);
const totals = (w: World, check: string) => checkTotals(checkOf(w, check));
const shareOf = (w: World, check: string, item: number) => Object.values(checkOf(w, check).shares).find((share) => share.item === id("item", item))?.share ?? "";
const total = (w: World) => familyView(w.all("check")).total;

describe("check.adjust (DOM-8)", () => {
  test("a percent on the check covers later items, an amount does not; both go with their lines", () => {
    const { w, A } = ready();
    expect(totals(w, A).total).toBe("2600");
    expect(w.does("check.adjust", { check: A, adjustment: adj(1), kind: "discount", rate: "0.1", reason: "regular" }, MANAGER).result.amount).toBe("260");
    w.does("check.adjust", { check: A, adjustment: adj(2), kind: "discount", amount: eur(100), reason: "sorry" }, MANAGER);
    expect(totals(w, A)).toMatchObject({ subtotal: "2600", total: "2240", adjustments: [{ kind: "discount", amount: "360" }] });
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    expect(totals(w, A).total).toBe("3365");
    const before = total(w);
    w.does("check.split", { operation: id("operation", 1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 2), quantity: "1" }] }] });
    expect(total(w)).toBe(before);
    expect(Number(totals(w, B).adjustments?.[0]?.amount)).toBeGreaterThan(0);
    w.does("check.removeAdjustment", { check: A, adjustment: adj(1) });
    w.does("check.removeAdjustment", { check: B, adjustment: adj(2) });
    expect(total(w)).toBe(3850n);
  });

  test("comp: given away, still shown; its net is told for the books", () => {
    const { w, A } = ready();
    w.does("check.adjust", { check: A, adjustment: adj(1), kind: "comp", lines: [shareOf(w, A, 1)], rate: "1", reason: "hair in it" }, MANAGER);
    const t = totals(w, A);
    expect(t).toMatchObject({ subtotal: "2600", total: "1350", adjustments: [{ kind: "comp", amount: "1250", net: "1050" }] });
    expect(Object.keys(checkOf(w, A).shares)).toHaveLength(2);
  });

  test("a waiter asks; the approval is bound to exactly this, and used once", () => {
    const { w, A } = ready();
    const wanted = { check: A, adjustment: adj(1), kind: "discount" as const, rate: "0.5", reason: "friend" };
    const refusal = w.refuses("check.adjust", wanted);
    expect(refusal).toMatchObject({ refused: "approval-required", action: "discount", subject: { target: A, rate: "0.5", reason: "friend" } });
    const approval = id("approval", 1);
    w.does("approval.request", { approval, action: "discount", subject: { target: A, rate: "0.5", reason: "friend" } });
    w.does("approval.grant", { approval }, MANAGER);
    expect(w.refuses("check.adjust", { ...wanted, rate: "0.6", approval })).toMatchObject({ refused: "approval-mismatch" });
    w.does("check.adjust", { ...wanted, approval });
    expect(checkOf(w, A).adjustments).toMatchObject([{ by: { name: "Mai" }, approvedBy: { name: "Rosa" } }]);
    expect(w.refuses("check.adjust", { ...wanted, adjustment: adj(2), approval })).toMatchObject({ refused: "approval-used" });
  });

  /** As a screen does it: what the refusal names is asked for, and the manager says yes. */
  function agreed(w: World, wanted: CommandInput<"check.adjust">): string {
    const approval = id("approval", 1);
    const { action, subject } = w.refuses("check.adjust", wanted) as unknown as { action: ApprovalAction; subject: ApprovalSubject };
    w.does("approval.request", { approval, action, subject });
    w.does("approval.grant", { approval }, MANAGER);
    return approval;
  }
  const asked = (w: World) => w.get("approval", id("approval", 1));

  test("a yes to give one dish away is not a yes to fifty of it, and is not used up by trying", () => {
    const { w, A } = ready();
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    const wanted = { check: A, adjustment: adj(1), kind: "comp" as const, lines: [shareOf(w, A, 3)], rate: "1", reason: "hair in it" };
    const approval = agreed(w, wanted);
    expect(asked(w)?.subject.upTo).toEqual(eur(1250));
    w.does("order.changeItem", { order: ORDER, item: phoItem(3, { quantity: "50" }) });
    expect(w.refuses("check.adjust", { ...wanted, approval })).toMatchObject({ refused: "approval-mismatch", subject: { upTo: eur(1250) } });
    expect(asked(w)?.status).toBe("granted");
    w.does("order.changeItem", { order: ORDER, item: phoItem(3, { quantity: "1" }) });
    expect(w.does("check.adjust", { ...wanted, approval }).result.amount).toBe("1250");
  });

  test("a yes to a rate on named lines is good for less than it came to", () => {
    const { w, A } = ready();
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3, { quantity: "3" })] });
    const wanted = { check: A, adjustment: adj(1), kind: "discount" as const, lines: [shareOf(w, A, 3)], rate: "0.5", reason: "friend" };
    const approval = agreed(w, wanted);
    expect(asked(w)?.subject.upTo).toEqual(eur(1875));
    w.does("order.changeItem", { order: ORDER, item: phoItem(3, { quantity: "1" }) });
    expect(w.does("check.adjust", { ...wanted, approval }).result.amount).toBe("625");
  });

  test("a yes to a rate on the whole check is for what the table orders meanwhile, too", () => {
    const { w, A } = ready();
    const wanted = { check: A, adjustment: adj(1), kind: "discount" as const, rate: "0.5", reason: "friend" };
    const approval = agreed(w, wanted);
    expect(asked(w)?.subject.upTo).toBeUndefined();
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    expect(w.does("check.adjust", { ...wanted, approval }).result.amount).toBe("1925");
  });

  test("the hub reckons what a rate comes to: who asks can name less, never more", () => {
    const { w, A } = ready();
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    const subject = { target: A, lines: [shareOf(w, A, 3)], rate: "0.5", reason: "friend" };
    const limit = (n: number, upTo?: number) => {
      w.does("approval.request", { approval: id("approval", n), action: "discount", subject: { ...subject, ...(upTo === undefined ? {} : { upTo: eur(upTo) }) } });
      return w.get("approval", id("approval", n))?.subject.upTo?.amount;
    };
    expect([limit(1), limit(2, 500), limit(3, 99_999)]).toEqual(["625", "500", "625"]);
  });

  test("refuses discount-over-amount, rate-or-amount, adjustment-exists, unknown-share, and what would be paid twice", () => {
    const { w, A } = ready();
    const all = { check: A, adjustment: adj(1), kind: "discount" as const, reason: "x" };
    expect(w.refuses("check.adjust", { ...all, amount: eur(9999) }, MANAGER)).toMatchObject({ refused: "discount-over-amount", max: eur(2600) });
    expect(w.refuses("check.adjust", all, MANAGER)).toMatchObject({ refused: "rate-or-amount" });
    expect(w.refuses("check.adjust", { ...all, rate: "0.1", lines: [id("share", 99)] }, MANAGER)).toMatchObject({ refused: "unknown-share" });
    w.does("check.adjust", { ...all, rate: "0.1" }, MANAGER);
    expect(w.refuses("check.adjust", { ...all, rate: "0.1" }, MANAGER)).toMatchObject({ refused: "adjustment-exists" });
    w.does("payment.takeCard", { payment: id("payment", 1), check: A, slip: "1", amount: eur(2000) });
    expect(w.refuses("check.adjust", { ...all, adjustment: adj(2), rate: "0.5" }, MANAGER)).toMatchObject({ refused: "item-paid", over: eur(831) });
  });
});

describe("check.adjust as often as a bill holds", () => {
  const off = { kind: "discount" as const, reason: "x" };

  test("a line bears 20, by amount or by rate; another line, or one taken off, makes room", () => {
    const { w, A } = ready();
    const on = (n: number) => ({ ...off, check: A, lines: [shareOf(w, A, n)] });
    for (let n = 1; n <= 20; n++) w.does("check.adjust", { ...on(1), adjustment: adj(n), ...(n % 2 === 0 ? { amount: eur(1) } : { rate: "0.01" }) }, MANAGER);
    const full = { refused: "too-many-cuts", most: 20 };
    expect(w.refuses("check.adjust", { ...on(1), adjustment: adj(21), amount: eur(1) }, MANAGER)).toEqual(full);
    expect(w.refuses("check.adjust", { ...off, check: A, adjustment: adj(21), rate: "0.1" }, MANAGER)).toEqual(full);
    w.does("check.adjust", { ...on(2), adjustment: adj(21), amount: eur(1) }, MANAGER);
    w.does("check.removeAdjustment", { check: A, adjustment: adj(7) });
    w.does("check.adjust", { ...on(1), adjustment: adj(22), amount: eur(1) }, MANAGER);
  });

  test("a check has 20 by rate, which a later line bears too", () => {
    const { w, A } = ready();
    for (const item of [1, 2]) w.does("order.voidItem", { order: ORDER, item: id("item", item), newItem: id("item", 80 + item), reason: "x" }, MANAGER);
    for (let n = 1; n <= 20; n++) w.does("check.adjust", { ...off, check: A, adjustment: adj(n), rate: "0.01" }, MANAGER);
    expect(w.refuses("check.adjust", { ...off, check: A, adjustment: adj(21), rate: "0.01" }, MANAGER)).toEqual({ refused: "too-many-cuts", most: 20 });
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    expect(checkOf(w, A).shares[shareOf(w, A, 3)]?.cuts).toHaveLength(20);
  });

  test("a check has 50", () => {
    const { w, A } = ready();
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    for (let n = 1; n <= 50; n++) w.does("check.adjust", { ...off, check: A, adjustment: adj(n), lines: [shareOf(w, A, 1 + (n % 3))], amount: eur(1) }, MANAGER);
    expect(w.refuses("check.adjust", { ...off, check: A, adjustment: adj(51), amount: eur(1) }, MANAGER)).toEqual({ refused: "too-many-adjustments", most: 50 });
  });
});

describe("service charge (DOM-12)", () => {
  test("is removed with a manager's word and restored; a split check bears its part", () => {
    const { w, A } = ready(CHARGED);
    expect(totals(w, A)).toMatchObject({ serviceCharge: "260", serviceChargeRate: "0.1", total: "2860" });
    w.does("check.split", { operation: id("operation", 1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 1) }] }] });
    expect([totals(w, A).serviceCharge, totals(w, B).serviceCharge]).toEqual(["135", "125"]);
    expect(w.refuses("check.removeServiceCharge", { check: A, reason: "slow" })).toMatchObject({ refused: "approval-required", action: "remove-service-charge" });
    w.does("check.removeServiceCharge", { check: A, reason: "slow" }, MANAGER);
    expect(totals(w, A)).toMatchObject({ serviceCharge: "0", total: "1350" });
    expect(chargeOf(checkOf(w, A))).toBeNull();
    expect(totals(w, B).serviceCharge).toBe("125");
    w.does("check.restoreServiceCharge", { check: A });
    expect(totals(w, A).serviceCharge).toBe("135");
  });
});

describe("an item that is changed after something was given on it", () => {
  /** An unsent Phở, 12.50, on which something was given. */
  function given(kind: "comp" | "discount", rate: string, lines: "line" | "check" = "line") {
    const { w, A } = ready();
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    w.does("check.adjust", { check: A, adjustment: adj(1), kind, lines: lines === "line" ? [shareOf(w, A, 3)] : [], rate, reason: "hair in it" }, MANAGER);
    const isNow = (quantity: string) => {
      w.does("order.changeItem", { order: ORDER, item: phoItem(3, { quantity }) });
      return totals(w, A).adjustments?.[0]?.amount;
    };
    return { w, A, isNow };
  }

  test("what was given on the line stays what it was: more of it is paid, less of it is less given", () => {
    const { w, A, isNow } = given("comp", "1");
    expect(totals(w, A).total).toBe("2600");
    expect(isNow("50")).toBe("1250");
    expect(totals(w, A).total).toBe(String(2600 + 49 * 1250));
    expect([isNow("2"), isNow("1"), isNow("3")]).toEqual(["1250", "1250", "1250"]);
    w.does("check.removeAdjustment", { check: A, adjustment: adj(1) });
    expect(totals(w, A)).toMatchObject({ total: String(2600 + 3 * 1250) });
  });

  test("so does a percent of the line, also when another discount beside it is taken off later, and on every part of it", () => {
    const { w, A, isNow } = given("discount", "0.5");
    w.does("check.adjust", { check: A, adjustment: adj(2), kind: "staff-meal", lines: [shareOf(w, A, 3)], rate: "0.1", reason: "x" }, MANAGER);
    w.does("check.split", { operation: id("operation", 1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 1) }] }] });
    w.does("check.share", { operation: id("operation", 2), items: [id("item", 3)], check: A, among: [A, B] });
    isNow("4");
    const taken = () => [A, B].flatMap((check) => totals(w, check).adjustments ?? []).filter((one) => one.kind === "discount").reduce((sum, { amount }) => sum + Number(amount), 0);
    expect(taken()).toBe(625);
    w.does("check.removeAdjustment", { check: A, adjustment: adj(2) });
    expect(taken()).toBe(625);
    expect(total(w)).toBe(BigInt(2600 + 4 * 1250 - 625));
  });

  test("a percent on the whole check is for more of an item, too (DOM-8)", () => {
    const { isNow } = given("discount", "0.1", "check");
    expect(isNow("3")).toBe(String(260 + 375));
  });
});

describe("the yes to taking off a service charge", () => {
  const wanted = (check: string) => ({ check, reason: "slow" });
  function agreed(w: World, check: string): string {
    const approval = id("approval", 1);
    const { action, subject } = w.refuses("check.removeServiceCharge", wanted(check)) as unknown as { action: ApprovalAction; subject: ApprovalSubject };
    w.does("approval.request", { approval, action, subject });
    w.does("approval.grant", { approval }, MANAGER);
    return approval;
  }

  test("is for what the manager was shown, or less of it", () => {
    const { w, A } = ready(CHARGED);
    const approval = agreed(w, A);
    expect(w.get("approval", approval)?.subject).toMatchObject({ rate: "0.1", upTo: eur(260) });
    w.does("check.split", { operation: id("operation", 1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 1) }] }] });
    w.does("check.removeServiceCharge", { ...wanted(A), approval });
    expect(totals(w, A).serviceCharge).toBe("0");
  });

  test("is not for what came to the bill since, and is not used up by trying", () => {
    const { w, A } = ready(CHARGED);
    const approval = agreed(w, A);
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3, { quantity: "20" })] });
    expect(w.refuses("check.removeServiceCharge", { ...wanted(A), approval })).toMatchObject({ refused: "approval-mismatch", subject: { upTo: eur(260) } });
    expect(w.get("approval", approval)?.status).toBe("granted");
  });

  test("is not got by naming no amount, or a larger one", () => {
    const { w, A } = ready(CHARGED);
    for (const [n, upTo] of [[1, undefined], [2, eur(99_999)]] as const) {
      w.does("approval.request", { approval: id("approval", n), action: "remove-service-charge", subject: { target: A, rate: "0.1", reason: "slow", ...(upTo ? { upTo } : {}) } });
      expect(w.get("approval", id("approval", n))?.subject.upTo).toEqual(eur(260));
    }
  });
});

describe("check.setParts (DOM-10)", () => {
  test("115.00 by three; one pays and keeps it, two bear what comes later; parts and rest are the whole", () => {
    const w = seated();
    const { check } = w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1, { quantity: "92" })] }).result;
    const parts = [1, 2, 3].map((n) => ({ part: id("part", n), name: `Guest ${n}` }));
    expect(w.does("check.setParts", { check, parts }).result.parts.map(({ amount }) => amount)).toEqual(["38334", "38333", "38333"]);
    w.does("payment.takeCard", { payment: id("payment", 1), check, part: id("part", 1), slip: "1" });
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(2)] });
    expect(familyView([checkOf(w, check)]).checks[0]?.parts).toMatchObject({ rest: 0n, parts: [{ amount: 38334n, due: 0n, settled: true }, { amount: 38958n }, { amount: 38958n }] });
    expect(w.refuses("check.setParts", { check, parts: parts.slice(1) })).toMatchObject({ refused: "part-paid", part: id("part", 1) });
  });

  test("by amount: what no part covers is left over; more than is due is refused", () => {
    const { w, A } = ready();
    const part = { part: id("part", 1), name: "Anna" };
    expect(w.does("check.setParts", { check: A, parts: [{ ...part, amount: eur(1000) }] }).result).toMatchObject({ rest: "1600", parts: [{ due: "1000" }] });
    expect(w.refuses("check.setParts", { check: A, parts: [{ ...part, amount: eur(5000) }] })).toMatchObject({ refused: "amount-over-due" });
    w.does("check.setParts", { check: A, parts: [] });
    expect(checkOf(w, A).parts).toEqual([]);
  });
});

describe("voids over a family", () => {
  test("one of three lattes that two checks share: the named check bears less; what is paid keeps its pieces", () => {
    const { w, A } = ready();
    w.does("check.split", { operation: id("operation", 1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 2), quantity: "2" }] }] });
    expect([totals(w, A).total, totals(w, B).total]).toEqual(["1700", "900"]);
    w.does("payment.takeCard", { payment: id("payment", 1), check: A, slip: "1" });
    expect(w.refuses("order.voidItem", { order: ORDER, item: id("item", 2), newItem: id("item", 90), reason: "cold" })).toMatchObject({ refused: "quantity-too-large", left: "2" });
    w.does("order.voidItem", { order: ORDER, item: id("item", 2), quantity: "1", newItem: id("item", 90), reason: "cold" });
    expect([totals(w, A).total, totals(w, B).total]).toEqual(["1700", "450"]);
    expect(familyView(w.all("check")).incomplete).toEqual([]);
    expect(totals(w, A).due).toBe("0");
  });

  test("a bill that was presented is made shorter only by a manager (DOM-13)", () => {
    const { w, A } = ready();
    w.does("check.present", { check: A });
    const wrong = { order: ORDER, item: id("item", 1), newItem: id("item", 90), reason: "cold" };
    expect(w.refuses("order.voidItem", wrong)).toMatchObject({ refused: "approval-required", action: "void-made" });
    w.does("order.voidItem", wrong, MANAGER);
    expect(totals(w, A).total).toBe("1350");
  });
});

test("new items go to their seat's check, else to the order's own (DOM-10)", () => {
  const { w, A } = ready();
  w.does("check.splitBySeat", { operation: id("operation", 1), check: A, checks: [B] });
  w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(5, { seat: 2 }), phoItem(6, { seat: 1 }), phoItem(7)] });
  expect(Object.values(checkOf(w, B).shares).map(({ item }) => item)).toEqual([id("item", 2), id("item", 5)]);
  expect(Object.keys(checkOf(w, A).shares)).toHaveLength(3);
  w.does("check.share", { operation: id("operation", 2), items: [id("item", 7)], check: A, among: [A, B] });
  expect([shareOf(w, A, 7), shareOf(w, B, 7)].every(Boolean)).toBe(true);
});

test("what a guest adds to came onto a part that was paid, though their seat's part was open (DOM-10)", () => {
  const { w, A } = ready();
  w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(5, { seat: 1 })] });
  w.does("check.split", { operation: id("operation", 1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 5) }] }] });
  w.does("payment.takeCard", { payment: id("payment", 1), check: A, slip: "1" });
  expect(checkOf(w, A).status).toBe("paid");
  w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(6, { seat: 1 })] });
  expect(checkOf(w, A).status).toBe("paid");
  expect(Object.values(checkOf(w, B).shares).map(({ item }) => item)).toEqual([id("item", 5), id("item", 6)]);
});

test("check.move: a bill to a tab of its own, and back; the kitchen hears nothing", () => {
  const { w, A } = ready();
  const orders = w.log.filter(({ type }) => type.startsWith("sale.order.")).length;
  w.does("check.move", { operation: id("operation", 1), check: A, to: { kind: "label", label: "Tab Mike" } });
  expect(checkOf(w, A)).toMatchObject({ label: "Tab Mike", party: null });
  w.does("check.undo", { operation: id("operation", 1), check: A });
  expect(checkOf(w, A)).toMatchObject({ label: "T5", party: PARTY });
  expect(w.log.filter(({ type }) => type.startsWith("sale.order."))).toHaveLength(orders);
});

test("an order ends with the last of its checks, and the party can leave", () => {
  const { w, A } = ready();
  w.does("check.splitBySeat", { operation: id("operation", 1), check: A, checks: [B, C] });
  for (const [n, check] of [[1, A], [2, B]] as const) {
    expect(w.get("order", ORDER)?.completed).toBe(false);
    expect(w.refuses("party.clear", { party: PARTY })).toMatchObject({ refused: "check-open" });
    w.does("payment.takeCard", { payment: id("payment", n), check, slip: "1" });
    w.does("check.close", { check });
  }
  expect(w.get("order", ORDER)?.completed).toBe(true);
  w.does("party.clear", { party: PARTY });
});
