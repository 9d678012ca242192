import { describe, expect, test } from "vitest";
import { id, WAITER, type World } from "../testing/given.ts";
import { burgerItem, eur, latteItem, ORDER, PARTY, phoItem, seated, TABLES } from "../testing/place.ts";
import { dining, TERMINAL } from "../payment/testing.ts";
import { checkTotals } from "./totals.ts";
import type { CheckState } from "./state.ts";

const B = id("check", 9_000_001);
const C = id("check", 9_000_002);
const op = (n: number) => id("operation", n);

function ready(...items: ReturnType<typeof phoItem>[]) {
  const w = seated();
  const { check } = w.does("order.addItems", { order: ORDER, party: PARTY, items }).result;
  w.does("order.send", { order: ORDER, items: items.map((item) => item.item) });
  return { w, A: check };
}
const checkOf = (w: World, check: string): CheckState => {
  const state = w.get("check", check);
  if (!state) throw new Error(`no ${check}`);
  return state;
};
const shareOf = (w: World, check: string, item: string) => Object.values(checkOf(w, check).shares).find((share) => share.item === item)?.share ?? "";
const sum = (w: World, field: "total" | "tax" | "net", ...checks: string[]) => checks.reduce((all, check) => all + BigInt(checkTotals(checkOf(w, check))[field]), 0n).toString();
/** What a check is to its guests. */
const bare = (check: CheckState) => ({ shares: check.shares, allotted: check.allotted ?? null, family: check.family ?? null, members: check.members ?? [], status: check.status, tenders: check.tenders });

describe("check.split", () => {
  test("3 of 5 waters go to another check; both make up the whole; undoing is as if nothing was", () => {
    const { w, A } = ready(latteItem(1, { quantity: "5" }), phoItem(2));
    const whole = checkTotals(checkOf(w, A));
    const before = bare(checkOf(w, A));
    w.does("check.split", { operation: op(1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, id("item", 1)), quantity: "3" }] }] });
    expect(Object.values(checkOf(w, B).shares)).toMatchObject([{ item: id("item", 1), numerator: 3, denominator: 5 }]);
    expect(sum(w, "total", A, B)).toBe(whole.total);
    expect(sum(w, "tax", A, B)).toBe(whole.tax);
    w.does("check.undo", { operation: op(1), check: B });
    expect(bare(checkOf(w, A))).toEqual(before);
    expect(checkOf(w, B).status).toBe("voided");
  });

  test("115.00 shared by three is 38.34, 38.33, 38.33", () => {
    const { w, A } = ready(phoItem(1, { quantity: "92" }));
    expect(checkTotals(checkOf(w, A)).total).toBe("115000");
    const third = { share: shareOf(w, A, id("item", 1)), fraction: { numerator: 1, denominator: 3 } };
    w.does("check.split", { operation: op(1), check: A, into: [{ check: B, lines: [third] }, { check: C, lines: [{ ...third, fraction: { numerator: 1, denominator: 2 } }] }] });
    expect([A, B, C].map((check) => checkTotals(checkOf(w, check)).total)).toEqual(["38334", "38333", "38333"]);
    w.does("payment.takeCard", { payment: id("payment", 1), check: B, slip: "1" });
    expect(w.refuses("check.undo", { operation: op(1), check: A })).toMatchObject({ refused: "cannot-undo", why: "paid", check: B });
  });

  test("merging two and rolling it back restores both; what was added since stays with the target", () => {
    const { w, A } = ready(latteItem(1), burgerItem(2));
    w.does("check.split", { operation: op(1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, id("item", 1)) }] }] });
    w.does("payment.takeCard", { payment: id("payment", 1), check: B, slip: "1", amount: eur(100) });
    const [a, b] = [bare(checkOf(w, A)), bare(checkOf(w, B))];
    w.does("check.merge", { operation: op(2), target: A, sources: [B] });
    expect(checkTotals(checkOf(w, A)).paid).toBe("100");
    expect(checkOf(w, B)).toMatchObject({ status: "voided", mergedInto: A });
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(3)] });
    w.does("check.undo", { operation: op(2), check: A });
    expect(bare(checkOf(w, B))).toMatchObject({ shares: b.shares, status: b.status, tenders: b.tenders });
    expect(Object.keys(checkOf(w, A).shares)).toHaveLength(Object.keys(a.shares).length + 1);
  });
});

describe("lines of several checks go in one piece of work", () => {
  const LUCA = { ...WAITER, staff: id("staff", 7), device: id("device", 7), name: "Luca" };
  const [D, ALL] = [id("check", 9_000_003), [1, 2, 3]];

  /** Three parts: a latte, a burger, a phở; another party sits at table 6. */
  function divided() {
    const { w, A } = ready(latteItem(1), burgerItem(2), phoItem(3));
    const line = (item: number) => ({ share: shareOf(w, A, id("item", item)) });
    w.does("check.split", { operation: op(1), check: A, into: [{ check: B, lines: [line(2)] }, { check: C, lines: [line(3)] }] });
    w.does("party.seat", { party: id("party", 6), order: id("order", 6), tables: [TABLES.t6], covers: 2, whenOccupied: "refuse" }, LUCA);
    return { w, A, bills: () => Object.fromEntries([A, B, C].map((check) => [check, bare(checkOf(w, check))])) };
  }
  /** From A and B, each its own line. */
  const ofTwo = (w: World, A: string, into: string) => [{ check: into, from: A, lines: [{ share: shareOf(w, A, id("item", 1)) }] }, { check: into, from: B, lines: [{ share: shareOf(w, B, id("item", 2)) }] }];
  const itemsOn = (w: World, check: string) => ALL.filter((item) => shareOf(w, check, id("item", item)) !== "");

  test("issue 3, regression: what one tap took from two parts to a third, another tablet undoes whole with one undo", () => {
    const { w, A, bills } = divided();
    const [before, whole] = [bills(), sum(w, "total", A, B, C)];
    const events = w.log.length;
    w.does("check.split", { operation: op(2), check: A, into: ofTwo(w, A, C) });
    expect(itemsOn(w, C)).toEqual(ALL);
    expect(sum(w, "total", A, B, C)).toBe(whole);
    expect(w.log.slice(events).map(({ type }) => type)).toEqual(["sale.check.updated", "sale.check.updated", "sale.check.updated"]);
    // Whichever of the three checks the other tablet names.
    w.does("check.undo", { operation: op(2), check: B }, LUCA);
    expect(bills()).toEqual(before);
    expect(w.refuses("check.undo", { operation: op(2), check: A })).toMatchObject({ refused: "unknown-operation" });
  });

  test("to another table, as a check of its own: it has that party's waiter and table from the start, and one undo ends it", () => {
    const { w, A, bills } = divided();
    const before = bills();
    const [first, second] = ofTwo(w, A, D);
    w.does("check.split", { operation: op(2), check: A, into: [{ ...first, to: { kind: "party", party: id("party", 6) } }, second] as never });
    expect(checkOf(w, D)).toMatchObject({ label: "T6", party: id("party", 6), server: { name: "Luca" } });
    expect(itemsOn(w, D)).toEqual([1, 2]);
    w.does("check.undo", { operation: op(2), check: D }, LUCA);
    expect(bills()).toEqual(before);
    expect(checkOf(w, D).status).toBe("voided");
  });

  test("a check that gives takes nothing; whose a check is cannot be said of one that is there, and not of a party that left", () => {
    const { w, A } = divided();
    const [first, second] = ofTwo(w, A, D) as [ReturnType<typeof ofTwo>[number], ReturnType<typeof ofTwo>[number]];
    const refused = (...into: (typeof first & { to?: { kind: "party"; party: string } })[]) => w.refuses("check.split", { operation: op(2), check: A, into });
    const to = (n: number) => ({ to: { kind: "party" as const, party: id("party", n) } });
    expect(refused(first, { ...second, check: A })).toMatchObject({ refused: "same-check", check: A });
    expect(refused({ ...first, from: D })).toMatchObject({ refused: "same-check", check: D });
    expect(refused({ ...first, from: id("check", 9_000_004) })).toMatchObject({ refused: "unknown-check" });
    expect(refused({ ...first, check: C, ...to(6) })).toMatchObject({ refused: "check-exists", check: C });
    expect(refused({ ...first, ...to(99) })).toMatchObject({ refused: "unknown-party" });
    w.does("party.clear", { party: id("party", 6) }, LUCA);
    expect(refused({ ...first, ...to(6) })).toMatchObject({ refused: "party-cleared" });
  });

  test("one paid part gives nothing, and then none does", () => {
    const { w, A, bills } = divided();
    w.does("payment.takeCard", { payment: id("payment", 1), check: B, slip: "1" });
    const before = bills();
    expect(w.refuses("check.split", { operation: op(2), check: A, into: ofTwo(w, A, C) })).toMatchObject({ refused: "item-paid", check: B });
    expect(bills()).toEqual(before);
  });

  test("lines of bills that nothing joined yet are shared among some of them", () => {
    const { w, A } = divided();
    const { check: other } = w.does("order.addItems", { order: id("order", 6), party: id("party", 6), items: [burgerItem(4)] }, LUCA).result;
    const items = [id("item", 1), id("item", 4)];
    expect(w.refuses("check.share", { operation: op(2), check: A, items, among: [A, B] })).toMatchObject({ refused: "unknown-item" });
    const whole = sum(w, "total", A, B, C, other);
    w.does("check.share", { operation: op(2), check: A, from: [other], items, among: [A, B] });
    for (const item of items) for (const check of [A, B]) expect(checkOf(w, check).shares[shareOf(w, check, item)]).toMatchObject({ numerator: 1, denominator: 2 });
    expect(sum(w, "total", A, B, C, other)).toBe(whole);
    w.does("check.undo", { operation: op(2), check: B }, LUCA);
    expect(Object.values(checkOf(w, other).shares)).toMatchObject([{ item: id("item", 4), numerator: 1, denominator: 1 }]);
  });
});

describe("check.setParts is undone like any other operation (CHK-26)", () => {
  const part = (n: number) => ({ part: id("part", n), name: `${n} of 3`, amount: null });
  const thirds = { parts: [part(1), part(2), part(3)] };

  test("equally by three, then by two: each is taken back in its turn, to what was before", () => {
    const { w, A } = ready(latteItem(1), phoItem(2));
    const before = checkOf(w, A);
    w.does("check.setParts", { operation: op(1), check: A, ...thirds });
    const three = checkOf(w, A).parts;
    w.does("check.setParts", { operation: op(2), check: A, parts: [{ part: id("part", 4), name: "5.00", amount: eur(500) }, part(5)] });
    expect(w.refuses("check.undo", { operation: op(1), check: A })).toMatchObject({ refused: "cannot-undo", why: "moved-on", operation: op(2) });
    w.does("check.undo", { operation: op(2), check: A });
    expect(checkOf(w, A).parts).toEqual(three);
    w.does("check.undo", { operation: op(1), check: A });
    expect(checkOf(w, A)).toEqual({ ...before, parts: [], operations: [] });
  });

  test("what was added and paid since stays: the check owes what is left, to the unit", () => {
    const { w, A } = ready(latteItem(1), phoItem(2));
    w.does("check.setParts", { operation: op(1), check: A, ...thirds });
    w.does("payment.takeCard", { payment: id("payment", 1), check: A, part: id("part", 2), slip: "1" });
    const paid = BigInt(checkTotals(checkOf(w, A)).paid);
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [burgerItem(3)] });
    const { total } = checkTotals(checkOf(w, A));
    w.does("check.undo", { operation: op(1), check: A });
    expect(checkOf(w, A).parts).toEqual([]);
    expect(checkTotals(checkOf(w, A))).toMatchObject({ total, paid: paid.toString(), due: (BigInt(total) - paid).toString() });
    w.does("payment.takeCard", { payment: id("payment", 2), check: A, slip: "2" });
    expect(checkOf(w, A).status).toBe("paid");
  });

  test("a part that a terminal is asked for right now does not end", () => {
    const { w, check: A } = dining();
    w.does("check.setParts", { operation: op(1), check: A, ...thirds });
    w.does("payment.startAttempt", { payment: id("payment", 1), check: A, part: id("part", 2), provider: TERMINAL.provider });
    expect(w.refuses("check.undo", { operation: op(1), check: A })).toMatchObject({ refused: "cannot-undo", why: "attempt-open", payment: id("payment", 1) });
  });
});
