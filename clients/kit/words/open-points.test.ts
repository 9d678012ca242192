import { expect, test } from "vitest";
import type { OpenPoint } from "#shared/domain/payment/to-resolve.ts";
import { id } from "#shared/domain/testing/given.ts";
import { eur } from "#shared/domain/testing/place.ts";
import { pointInWords } from "./open-points.ts";

const said = (kind: OpenPoint["kind"], what: string | null = null) => pointInWords({ kind, payment: id("payment", 1), refund: null, check: id("check", 1), amount: eur(1000), said: what }, ({ amount, currency }) => `${Number(amount) / 100} ${currency}`);

test("every open point names its amount in plain words, and says what it is about", () => {
  const kinds = ["unknown", "overpaid", "contradicted", "missing", "payout-failed", "payout-unknown", "payout-contradicted", "paid-twice"] as const;
  const titles = kinds.map((kind) => said(kind).title);
  for (const title of titles) expect(title).toContain("10 EUR");
  expect(new Set(titles).size).toBe(kinds.length);
});

test.each([
  ["captured", "First we were told that it was not, and then that it was. Nothing of it is booked."],
  ["failed", "It is booked as charged, and now we are told that it was not."],
  ["amount 1250", "So much is booked, and now we are told of 12.5 EUR."],
  ["wrong-currency USD", "So much is booked, and now we are told of USD."],
])("a contradiction says both sides: %s", (what, note) => {
  expect(said("contradicted", what).note).toBe(note);
});

test.each([
  ["conflict", "The guest still waits for it: the provider said no."],
  ["unauthorized", "The guest still waits for it: it does not know us, its key has to be looked at."],
  ["Seen at the provider: not paid", "The guest still waits for it: Seen at the provider: not paid."],
])("regression: a provider's code was shown to people: %s", (what, note) => {
  expect(said("payout-failed", what).note).toBe(note);
});

test.each([
  ["account closed", "that it was not."],
  ["wrong-currency USD", "that it was paid in USD."],
])("a payout that was said to be paid says what the provider says now: %s", (what, now) => {
  expect(said("payout-contradicted", what).note).toContain(now);
});

test("of what was given twice it says whether the one was paid by somebody's word alone", () => {
  const point = { kind: "paid-twice", payment: id("payment", 1), refund: id("refund", 1), check: id("check", 1), amount: eur(1000), said: null } as const;
  const notes = [point, { ...point, byWord: true as const }].map((one) => pointInWords(one, ({ amount }) => amount).note);
  expect(notes).toEqual([expect.stringContaining("had gone another way"), expect.stringContaining("somebody said")]);
});
