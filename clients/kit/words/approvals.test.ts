import { expect, test } from "vitest";
import { fullSubject } from "#shared/domain/approval/subject.ts";
import { approvalPurpose, type ApprovalSubjectInput } from "#shared/events/approval.ts";
import { id } from "#shared/domain/testing/given.ts";
import { eur } from "#shared/domain/testing/place.ts";
import { boundInWords } from "./approvals.ts";
import { owedInWords } from "./cash.ts";

const NAMES = { money: ({ amount }: { amount: string }) => `€${Number(amount) / 100}`, drawer: () => "Till 1", account: () => "Smith & Sons", refund: () => "R000001", provider: () => "Terminal at the bar" };
const said = (subject: Omit<ApprovalSubjectInput, "target">) => boundInWords(fullSubject({ target: id("payment", 1), ...subject }), NAMES);

test("a refund says every item, every way and its drawer", () => {
  const payouts = [
    { payment: id("payment", 1), method: "card-terminal" as const, amount: eur(700), tip: eur(100), drawer: null },
    { payment: id("payment", 2), method: "cash" as const, amount: eur(300), tip: eur(0), drawer: id("drawer", 1) },
  ];
  expect(said({ purpose: "items", items: [{ share: id("share", 1), name: "Phở", quantity: "2", amount: eur(1000) }], payouts })).toEqual(["2 × Phở, €10", "€7 back to card, €1 of it tip", "€3 in cash out of Till 1"]);
});

test("a payment that failed and goes another way says of which refund", () => {
  expect(said({ purpose: "another-way", refund: id("refund", 1) })).toEqual(["Goes another way than was agreed", "Of refund R000001"]);
});

test("a corrected payment says what it becomes, with its number, and whose drawer it is", () => {
  expect(said({ purpose: "paid-otherwise", tender: { method: "card-manual", reference: "77" }, drawer: id("drawer", 1) })).toEqual(["It was paid another way: Card by hand, slip 77", "Drawer: Till 1"]);
  expect(said({ purpose: "paid-otherwise", tender: { method: "house-account", reference: id("houseAccount", 1) } })).toEqual(["It was paid another way: On account, Smith & Sons"]);
  expect(said({ purpose: "paid-otherwise", tender: { method: "card-terminal", reference: "terminal-1" } })).toEqual(["It was paid another way: Card, Terminal at the bar"]);
  expect(said({ purpose: "paid-otherwise", tender: { method: "gift-card", reference: id("giftCard", 12) } })).toEqual(["It was paid another way: Gift card …000012"]);
  expect(said({ purpose: "paid-otherwise", tender: { method: "cash", reference: null } })).toEqual(["It was paid another way: Cash"]);
});

test("a rate says what it comes to at most", () => {
  expect(said({ rate: "1", lines: [id("share", 1)], upTo: eur(1450) })).toEqual(["1 line", "Up to €14.5"]);
});

test("tips say whose they are", () => {
  expect(said({ purpose: "tips-of-pool", person: { staff: id("staff", 1), name: "Mai" } })).toEqual(["To Mai", "Out of the tip pool"]);
});

test("two things that a yes tells apart are never the same words", () => {
  const spoken = approvalPurpose.options.filter((purpose) => purpose !== "items" && purpose !== "paid-otherwise").map((purpose) => said({ purpose }).join());
  expect(new Set(spoken).size).toBe(spoken.length);
  expect(spoken).not.toContain("");
});

test("tips that were paid out and became smaller since are said to be too much, never to be owed", () => {
  expect([500, 0, -200].map((owed) => owedInWords(eur(owed), NAMES.money))).toEqual(["€5 owed", "Nothing owed", "Had €2 too much"]);
});
