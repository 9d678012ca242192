import { describe, expect, test } from "vitest";
import { prefixed, type IdKind } from "#shared/ids.ts";
import { closeDrawer, openDrawer } from "./cash.ts";
import { takeCard, takeCash } from "./payment.ts";
import { newItem, voidItem } from "./order.ts";

const id = (kind: IdKind) => prefixed(kind, "01JD0000000000000000000001");
const eur = (amount: string) => ({ amount, currency: "EUR" });

type Parsed = { readonly success: boolean; readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } | undefined };
const complaints = ({ error }: Parsed) => error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];

describe("quantities that people enter", () => {
  const entered = (quantity: string) => newItem.safeParse({ item: id("item"), product: id("product"), quantity });
  const voided = (quantity: string) => voidItem.safeParse({ order: id("order"), item: id("item"), newItem: id("item"), reason: "x", quantity });

  test.each(["1", "2", "9999"])("%s is a number of pieces", (quantity) => {
    expect([entered(quantity).success, voided(quantity).success]).toEqual([true, true]);
  });

  test.each(["0.001", "0.5", "1.25", "1.0", "0", "-1", "01", "10000", "1e3"])("%s gives no food away", (quantity) => {
    const rule = ["quantity must be a whole number from 1 to 9999"];
    expect([complaints(entered(quantity)), complaints(voided(quantity))]).toEqual([rule, rule]);
  });
});

describe("amounts that people enter", () => {
  const payment = { payment: id("payment"), check: id("check") };
  const cash = { ...payment, drawer: id("drawer"), tendered: eur("100") };
  const card = { ...payment, slip: "1" };
  const fields: readonly (readonly [string, (amount: string) => Parsed])[] = [
    ["amount", (amount) => takeCash.safeParse({ ...cash, amount: eur(amount) })],
    ["tendered", (amount) => takeCash.safeParse({ ...cash, tendered: eur(amount) })],
    ["tip", (amount) => takeCash.safeParse({ ...cash, tip: eur(amount) })],
    ["amount", (amount) => takeCard.safeParse({ ...card, amount: eur(amount) })],
    ["tip", (amount) => takeCard.safeParse({ ...card, tip: eur(amount) })],
    ["float", (amount) => openDrawer.safeParse({ drawer: id("drawer"), name: "Till", float: eur(amount) })],
    ["counted", (amount) => closeDrawer.safeParse({ drawer: id("drawer"), counted: eur(amount) })],
  ];

  test.each(fields)("%s has at most 10 digits, so that no drawer's sum overflows", (field, parse) => {
    expect(complaints(parse("9999999999"))).toEqual([]);
    for (const amount of ["10000000000", "999999999999999999"]) expect(complaints(parse(amount))).toEqual([`${field} must have at most 10 digits`]);
  });
});
