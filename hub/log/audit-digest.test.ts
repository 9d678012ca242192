import { expect, test } from "vitest";
import { CHAIN_START, eventDigest, holdsName, linkHash, withoutNames } from "./audit-digest.ts";

const salt = new Uint8Array(32).fill(7);
const order = (customer: string | null, notes = "") => JSON.stringify({ type: "sale.order.created", data: { header: { label: "T5", customer }, notes } });

const chainHash = (before: Uint8Array, text: string, own: Uint8Array | undefined) => linkHash(before, eventDigest(text, own));

test("a link depends on every byte and on what came before", () => {
  const link = chainHash(CHAIN_START, order("Mike"), salt);
  expect(chainHash(CHAIN_START, order("Mike"), salt)).toEqual(link);
  expect(chainHash(CHAIN_START, order("Mika"), salt)).not.toEqual(link);
  expect(chainHash(CHAIN_START, order("Mike", " "), salt)).not.toEqual(link);
  expect(chainHash(link, order("Mike"), salt)).not.toEqual(link);
});

test("an erased name leaves the link as it was, and cannot be told without the salt", () => {
  const erased = withoutNames(order("Mike"), salt);
  expect(erased).not.toContain("Mike");
  expect(JSON.parse(erased)).toMatchObject({ data: { header: { label: "T5", customer: expect.stringMatching(/^erased-.{22}$/) } } });
  expect(chainHash(CHAIN_START, erased, undefined)).toEqual(chainHash(CHAIN_START, order("Mike"), salt));
  expect(withoutNames(order("Mike"), new Uint8Array(32).fill(8))).not.toBe(erased);
  expect([holdsName(order("Mike")), holdsName(erased), holdsName(order(null))]).toEqual([true, false, false]);
  expect(() => chainHash(CHAIN_START, order("Mike"), undefined)).toThrow("no salt");
});

test("what was noted for a guest is hidden with the name", () => {
  const noted = order("Mike", 'Mike says "no nuts"');
  expect(JSON.parse(withoutNames(noted, salt))).toMatchObject({ data: { notes: expect.stringMatching(/^erased-.{22}$/), header: { customer: expect.stringMatching(/^erased-/) } } });
  expect([holdsName(order(null, "no nuts")), holdsName(withoutNames(noted, salt))]).toEqual([true, false]);
});

test("only names of guests are hidden: not text that looks like one, nor a dish", () => {
  const tricky = JSON.stringify({ type: "sale.order.itemVoided", data: { reason: 'he said "customer":"Mike","notes":"x"', notes: null } });
  expect(withoutNames(tricky, salt)).toBe(tricky);
  const quoted = order('Mike "the \\ cook"');
  expect(JSON.parse(withoutNames(quoted, salt))).toMatchObject({ data: { notes: "" } });
  for (const type of ["payment.house-account.opened", "payment.house-account.changed", "payment.house-account.paid", "payment.house-account.paidOut"]) {
    const account = JSON.stringify({ type, data: { name: "Mike", by: { name: "Mai" } } });
    expect(JSON.parse(withoutNames(account, salt))).toMatchObject({ data: { name: expect.stringMatching(/^erased-/), by: { name: "Mai" } } });
  }
  const dish = JSON.stringify({ type: "catalog.category.created", data: { name: "Drinks" } });
  expect(withoutNames(dish, salt)).toBe(dish);
});
