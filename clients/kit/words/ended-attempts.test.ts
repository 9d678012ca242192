import { expect, test } from "vitest";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import { cameToNothing, endedInWords } from "./ended-attempts.ts";

const money = (amount: string) => ({ amount, currency: "EUR" });
const payment = (id: string, status: PaymentState["status"], change: Partial<PaymentState> = {}) => ({ id: `pay_${id}`, check: "chk_1", status, reason: null, tender: { amount: money("1595") }, ...change }) as PaymentState;
const words = (status: PaymentState["status"], reason: string | null = null) => endedInWords(payment("1", status, { reason }), "Card terminal", ({ amount }) => amount);

test("only the last payment of the check says why there is none", () => {
  expect(cameToNothing([payment("2", "expired"), payment("1", "captured")], "chk_1")?.id).toBe("pay_2");
  expect(cameToNothing([payment("1", "expired"), payment("2", "captured")], "chk_1")).toBeNull();
  expect(cameToNothing([payment("1", "failed"), payment("2", "sent")], "chk_1")).toBeNull();
  expect(cameToNothing([payment("1", "failed", { check: "chk_2" })], "chk_1")).toBeNull();
  expect(cameToNothing([], "chk_1")).toBeNull();
});

test("time that ran out, a guest's no and our own are told apart", () => {
  expect(words("expired")).toBe("Card terminal: no answer in time, 1595 was not taken");
  expect(words("cancelled")).toBe("Card terminal: cancelled, 1595 was not taken");
  expect(words("failed", "declined")).toBe("Card terminal said no to 1595");
  expect(words("failed", "not-found")).toBe("Card terminal said no to 1595: it had never been asked");
  expect(words("failed", "card blocked")).toBe("Card terminal said no to 1595: card blocked");
});

test("what a manager decided is not said to be the terminal's no", () => {
  const decided = payment("1", "failed", { endedBy: "manager", reason: "Seen on the terminal: not paid" });
  expect(endedInWords(decided, "Card terminal", ({ amount }) => amount)).toBe("Card terminal: a manager decided that 1595 was not paid (Seen on the terminal: not paid)");
});
