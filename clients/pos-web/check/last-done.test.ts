import { expect, test } from "vitest";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkOf, shareOf } from "../testing/checks.ts";
import { lastDone } from "./last-done.ts";

const by = { staff: "stf_1", name: "Luca" };
const moved = (at: string): Partial<CheckState> => ({ operations: [{ operation: `op_${at}`, kind: "split", by, checks: ["chk_a", "chk_b"], created: [], moves: [], before: [], after: [] }] as never });
const given = (at: string): Partial<CheckState> => ({ adjustments: [{ adjustment: `adj_${at}`, kind: "discount", scope: "check", rate: "0.1", amount: null, reason: "Regular guest", by, approvedBy: by }] });
const bill = (id: string, change: Partial<CheckState>) => checkOf(id, [shareOf("soup")], change);

test("what was done last is undone first, whether lines moved or something was taken off", () => {
  expect(lastDone([bill("a", { ...moved("01A"), ...given("01B") })])).toEqual({ operation: null, adjustment: "adj_01B", check: "chk_a", noun: "discount", by: "Luca" });
  expect(lastDone([bill("a", given("01B")), bill("b", moved("01C"))])).toEqual({ operation: "op_01C", check: "chk_a", noun: "moving items", by: "Luca" });
  expect(lastDone([bill("a", {})])).toBeUndefined();
});

test("of a paid bill nothing is given back to what was taken off", () => {
  expect(lastDone([bill("a", { ...moved("01A"), ...given("01B"), status: "paid" })])).toMatchObject({ operation: "op_01A" });
});
