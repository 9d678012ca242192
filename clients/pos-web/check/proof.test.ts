import { expect, test } from "vitest";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkOf, shareOf } from "../testing/checks.ts";
import { seatOf } from "#shared/domain/check/lines.ts";
import { nextPayable, partsOf, payablesOf, seatsOf } from "./parts.ts";
import { proofOf } from "./proof.ts";
import { byCheck, leftShared, meantIn, NOTHING, toggled, withCombo } from "./selection.ts";

const wine = (share: string, numerator: number, denominator: number, amount: string) => shareOf("wine", { share, numerator, denominator, price: "100", amount });
const own = checkOf("a", [shareOf("burger", { seat: 1 }), wine("w1", 1, 3, "34")], { members: ["chk_a", "chk_b", "chk_c"], family: "chk_a" });
const second = checkOf("b", [wine("w2", 1, 3, "33")], { family: "chk_a" });
const third = checkOf("c", [wine("w3", 1, 3, "33")], { family: "chk_a" });

test("parts make up the whole when every item is there whole, to the smallest unit", () => {
  const proof = proofOf([own, second, third]);
  expect(proof).toMatchObject({ whole: true, elsewhere: 0, total: 1100n, due: 1100n });
});

test("a lost cent, or a part that nobody shows, is no whole", () => {
  expect(proofOf([own, second, checkOf("c", [wine("w3", 1, 3, "32")], { family: "chk_a" })]).whole).toBe(false);
  expect(proofOf([own, second])).toMatchObject({ whole: false, elsewhere: 1 });
});

test("parts stand in the order in which they came to be, whatever order they come in", () => {
  const other = checkOf("z", [shareOf("soup")], { order: "ord_2", party: "pty_2" });
  const names = (checks: readonly CheckState[]) => partsOf(checks, own).map((check) => check.id);
  expect(names([third, other, second, own])).toEqual(["chk_a", "chk_b", "chk_c"]);
  expect(names([own, { ...second, status: "voided" }, third])).toEqual(["chk_a", "chk_c"]);
  expect(seatOf(own)).toBe(1);
  expect(seatOf(second)).toBeNull();
  expect(seatsOf([own, second, own]), "two parts of one seat had one name and one number").toEqual([1, null, null]);
});

test("a part stays its seat's when another seat's dish is shared onto it", () => {
  const [soup, steak] = [shareOf("soup", { seat: 1 }), shareOf("steak", { share: "s2", seat: 2, denominator: 2 })];
  const mine = checkOf("a", [soup]);
  expect(seatsOf([mine])).toEqual([1]);
  expect(seatsOf([checkOf("a", [soup, steak])]), "Seat 1 became Table").toEqual([1]);
  expect(seatsOf([checkOf("a", [steak], { seats: [1] })]), "made for seat 1, and nothing of its own on it").toEqual([1]);
  expect(seatsOf([checkOf("a", [soup, shareOf("wine", { share: "w", seat: 2 })])])).toEqual([null]);
  expect(seatsOf([checkOf("a", [steak])])).toEqual([2]);
});

test("after one part the next that owes something is paid, and round to the first", () => {
  const paid = { ...second, status: "paid" as const };
  const payables = [own, paid, third].flatMap((check) => payablesOf(check, check.id));
  expect(nextPayable(payables, null)?.check.id).toBe("chk_a");
  expect(nextPayable(payables, { check: "chk_a", part: null })?.check.id).toBe("chk_c");
  expect(nextPayable(payables, { check: "chk_c", part: null })?.check.id).toBe("chk_a");
  expect(nextPayable([], null)).toBeUndefined();
});

test("what another tablet took away is not meant any more; pieces are at most what is left", () => {
  const waters = shareOf("water", { share: "w", quantity: "5" });
  const check = checkOf("a", [waters]);
  const selection = new Map([["shr_w", "3"], ["shr_gone", null]]);
  expect(meantIn([check], selection).map((each) => [each.share.share, each.quantity])).toEqual([["shr_w", "3"]]);
  expect(meantIn([checkOf("a", [shareOf("water", { share: "w", quantity: "2" })])], selection)[0]?.quantity).toBeNull();
  expect([...byCheck(meantIn([check], selection)).keys()]).toEqual(["chk_a"]);
  expect(meantIn([check], new Map([["shr_w", "2.5"]]))[0]?.quantity).toBe("2.5");
});

test("after by seat it is known what lies on one guest's part and is of no seat, until it is shared or moved", () => {
  const bottle = shareOf("wine", { share: "w" });
  const first = checkOf("a", [shareOf("soup", { seat: 1 }), bottle]);
  const guest = checkOf("b", [shareOf("pasta", { seat: 2 })]);
  expect(leftShared([first, guest], "chk_a").map(({ share }) => share.name)).toEqual(["wine"]);
  expect(leftShared([first, checkOf("b", [wine("w2", 1, 2, "50")])], "chk_a")).toEqual([]);
  expect(leftShared([first, guest], null)).toEqual([]);
});

test("a combo is tapped as one", () => {
  const combo = { combo: "itm_menu", name: "Lunch" };
  const check = checkOf("a", [shareOf("soup", { share: "1", combo }), shareOf("pasta", { share: "2", combo }), shareOf("cola", { share: "3" })]);
  const soup = check.shares["shr_1"];
  if (!soup) throw new Error("no soup");
  const both = withCombo(NOTHING, soup, check);
  expect([...both.keys()].sort()).toEqual(["shr_1", "shr_2"]);
  expect(withCombo(both, soup, check).size).toBe(0);
  expect([...toggled(both, "shr_3").keys()]).toHaveLength(3);
});
