import { describe, expect, test } from "vitest";
import { dining } from "./payment/testing.ts";
import { id } from "./testing/given.ts";
import { eur, place } from "./testing/place.ts";
import { tillStream, voucherStream } from "./streams.ts";

const MERCHANT = id("merchant", 1);

test.each([
  ["decomposed accents", "Cafe\u0301 1"],
  ["a no-break space", "Caf\u00e9\u00a01"],
  ["two spaces", "Caf\u00e9  1"],
  ["space around it", " Caf\u00e9 1\t"],
  ["full-width digits", "Caf\u00e9 \uff11"],
  ["capitals, decomposed", "CAFE\u0301 1"],
])("DOM-16: a till's name with %s is the same till", (_, name) => {
  expect(tillStream(MERCHANT, name)).toBe(tillStream(MERCHANT, "Caf\u00e9 1"));
});

test("DOM-16: other names are other tills", () => {
  expect(new Set(["Till 1", "Till 2", "Till1", "Bar"].map((name) => tillStream(MERCHANT, name))).size).toBe(4);
});

test("DOM-16: twins of one name meet, and closing frees the name for each of them", () => {
  const w = place();
  w.does("drawer.open", { drawer: id("drawer", 31), name: "Cafe\u0301\u00a01", float: eur(1) });
  expect(w.refuses("drawer.open", { drawer: id("drawer", 32), name: "Caf\u00e9 1", float: eur(1) })).toMatchObject({ refused: "drawer-open", drawer: id("drawer", 31) });
  w.does("drawer.close", { drawer: id("drawer", 31), counted: eur(1) });
  w.does("drawer.open", { drawer: id("drawer", 32), name: "caf\u00e9  1", float: eur(1) });
});

describe("a voucher's code", () => {
  test.each([
    ["in small letters", "ab-12 xk"],
    ["with other spaces and dashes", "AB\u201312\u00a0XK"],
    ["without any", "AB12XK"],
    ["with a zero-width space", "AB-1\u200b2 XK"],
    ["with a zero-width joiner, a word joiner and a mark of direction", "\u200dA\u2060B-12\u200e XK\ufeff"],
    ["with a soft hyphen", "A\u00adB-12 XK"],
    ["with a variation selector", "AB-12\ufe0f XK"],
    ["in full width", "\uff21\uff22-\uff11\uff12 XK"],
    ["in Cyrillic letters that look like it", "\u0410\u0412-12 \u0425\u041a"],
    ["in Greek ones", "\u0391\u0392-12 \u03a7\u039a"],
    ["with a Kelvin sign", "AB-12 X\u212a"],
  ])("%s is the same voucher", (_, code) => {
    expect(voucherStream(MERCHANT, "Lunch", code)).toBe(voucherStream(MERCHANT, "Lunch", "AB-12 XK"));
    expect(voucherStream(MERCHANT, "L\u200bunch ", code)).toBe(voucherStream(MERCHANT, "Lunch", "AB-12 XK"));
  });

  test("other codes, and the same one of another issuer, are other vouchers", () => {
    const streams = ["AB-12", "AB-13", "BA-12", "AB-1", "AO-12", "A0-12"].map((code) => voucherStream(MERCHANT, "Lunch", code));
    expect(new Set([...streams, voucherStream(MERCHANT, "Dinner", "AB-12")]).size).toBe(7);
  });

  test("is taken once, whatever nobody sees in it", () => {
    const { w, check } = dining();
    w.does("payment.takeVoucher", { payment: id("payment", 1), check, issuer: "Lunch", code: "AB 12", value: eur(500) });
    for (const code of ["AB\u200b 12", "A\u0412 12", "AB12"]) {
      expect(w.refuses("payment.takeVoucher", { payment: id("payment", 2), check, issuer: "Lunch", code, value: eur(500) })).toEqual({ refused: "voucher-used", check });
    }
  });
});
