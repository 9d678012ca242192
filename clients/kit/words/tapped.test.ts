import { expect, test } from "vitest";
import { tappedInWords } from "./tapped.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });

test("of what was paid the way and the amount are said, of all else what it was about", () => {
  expect(tappedInWords("payment.takeCash", { amount: eur("1785"), tendered: eur("2000") })).toBe("cash €17.85");
  expect(tappedInWords("payment.takeCash", { tendered: eur("2000") })).toBe("cash €20.00");
  expect(tappedInWords("payment.takeVoucher", {})).toBe("a voucher");
  expect(tappedInWords("order.addItems", {})).toBe("an order");
  expect(tappedInWords("unheard.of", {})).toBe("a change");
});
