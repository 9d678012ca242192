import { expect, test } from "vitest";
import { CHAIN_START, eventDigest, linkHash, saltsOf, withoutNames } from "./audit-digest.ts";

const salt = new Uint8Array(32).fill(7);
const ORDER = "ord_1";
const order = (customer: string | null, notes = "", label = "T5") => JSON.stringify({ type: "sale.order.created", subject: ORDER, data: { header: { label, customer }, notes } });
const hidden = (text: string, own = salt) => withoutNames(text, () => own);

const chainHash = (before: Uint8Array, text: string, own: Uint8Array | undefined) => linkHash(before, eventDigest(text, () => own));

test("a link depends on every byte and on what came before", () => {
  const link = chainHash(CHAIN_START, order("Mike"), salt);
  expect(chainHash(CHAIN_START, order("Mike"), salt)).toEqual(link);
  expect(chainHash(CHAIN_START, order("Mika"), salt)).not.toEqual(link);
  expect(chainHash(CHAIN_START, order("Mike", " "), salt)).not.toEqual(link);
  expect(chainHash(link, order("Mike"), salt)).not.toEqual(link);
});

test("an erased name leaves the link as it was, and cannot be told without the salt", () => {
  const erased = hidden(order("Mike"));
  expect(erased).not.toContain("Mike");
  expect(JSON.parse(erased)).toMatchObject({ data: { header: { label: "T5", customer: expect.stringMatching(/^erased-.{22}$/) } } });
  expect(chainHash(CHAIN_START, erased, undefined)).toEqual(chainHash(CHAIN_START, order("Mike"), salt));
  expect(hidden(order("Mike"), new Uint8Array(32).fill(8))).not.toBe(erased);
  expect([saltsOf(order("Mike")), saltsOf(erased), saltsOf(order(null))]).toEqual([new Set([ORDER]), new Set(), new Set()]);
  expect(() => chainHash(CHAIN_START, order("Mike"), undefined)).toThrow("no salt");
});

test("what was noted for a guest is hidden with the name", () => {
  const noted = order("Mike", 'Mike says "no nuts"');
  expect(JSON.parse(hidden(noted))).toMatchObject({ data: { notes: expect.stringMatching(/^erased-.{22}$/), header: { customer: expect.stringMatching(/^erased-/) } } });
  expect([saltsOf(order(null, "no nuts")), saltsOf(hidden(noted))]).toEqual([new Set([ORDER]), new Set()]);
});

test("each allergy is hidden by itself, wherever items stand, and none stays none", () => {
  const sent = (allergy: readonly string[], label = "T5") => JSON.stringify({ type: "sale.order.sent", subject: ORDER, data: { header: { label, customer: null }, items: [{ allergy, notes: null }, { allergy: [], names: { button: "nuts" } }] } });
  const said = ["nuts", 'soy, "]', "nuts"];
  for (const [label, shown] of [["T5", "T5"], ["Tab Mike", expect.stringMatching(/^erased-/)]] as const) {
    const erased = hidden(sent(said, label));
    expect(JSON.parse(erased)).toMatchObject({ data: { header: { label: shown }, items: [{ allergy: said.map(() => expect.stringMatching(/^erased-.{22}$/)) }, { allergy: [], names: { button: "nuts" } }] } });
    expect(chainHash(CHAIN_START, erased, undefined)).toEqual(chainHash(CHAIN_START, sent(said, label), salt));
    expect([saltsOf(sent(said, label)), saltsOf(erased)]).toEqual([new Set([ORDER]), new Set()]);
  }
  // As a header and as an item stand without the others.
  const added = JSON.stringify({ type: "sale.order.itemsAdded", subject: ORDER, data: { items: [{ notes: null, allergy: ["nuts"] }] } });
  expect(hidden(added)).not.toContain("nuts");
  expect(hidden(sent([]))).toBe(sent([]));
});

test("only names of guests are hidden: not text that looks like one, nor a dish", () => {
  const tricky = JSON.stringify({ type: "sale.order.itemVoided", data: { reason: 'he said "customer":"Mike","notes":"x"', notes: null } });
  expect(hidden(tricky)).toBe(tricky);
  const quoted = order('Mike "the \\ cook"');
  expect(JSON.parse(hidden(quoted))).toMatchObject({ data: { notes: "" } });
  for (const type of ["payment.house-account.opened", "payment.house-account.changed", "payment.house-account.paid", "payment.house-account.paidOut"]) {
    const account = JSON.stringify({ type, data: { name: "Mike", by: { name: "Mai" } } });
    expect(JSON.parse(hidden(account))).toMatchObject({ data: { name: expect.stringMatching(/^erased-/), by: { name: "Mai" } } });
  }
  const dish = JSON.stringify({ type: "catalog.category.created", data: { name: "Drinks" } });
  expect(hidden(dish)).toBe(dish);
});

test("what a tab and the parts of its bill are called is hidden, a table's number is not", () => {
  const tab = JSON.parse(hidden(order(null, "", "Tab Mike"))) as unknown;
  expect(tab).toMatchObject({ data: { header: { label: expect.stringMatching(/^erased-.{22}$/) } } });
  for (const label of ["5", "T5", "5+6"]) expect(hidden(order(null, "", label))).toBe(order(null, "", label));
  const part = `cpt_${"0".repeat(26)}`;
  const parts = JSON.stringify({ type: "sale.check.updated", subject: "chk_1", data: { parts: [{ part, name: "Anna", amount: null }], by: { name: "Mai" } } });
  expect(JSON.parse(hidden(parts))).toMatchObject({ data: { parts: [{ part, name: expect.stringMatching(/^erased-/), amount: null }], by: { name: "Mai" } } });
  const moved = JSON.stringify({ type: "sale.kitchen-ticket.relabelled", subject: "tkt_1", data: { label: "T5", was: "Tab Mike" } });
  expect(JSON.parse(hidden(moved))).toMatchObject({ data: { label: "T5", was: expect.stringMatching(/^erased-/) } });
});

test("a day's report names each open bill with the bill's own salt, so that one guest goes and the others stay", () => {
  const [mike, anna] = [`chk_${"1".repeat(26)}`, `chk_${"2".repeat(26)}`];
  const report = JSON.stringify({ type: "cash.report.made", subject: "rpt_1", data: { report: { openChecks: [{ check: mike, label: "Tab Mike" }, { check: anna, label: "Anna" }, { check: mike, label: "T5" }] } } });
  expect(saltsOf(report)).toEqual(new Set([mike, anna]));
  const salts = new Map([[mike, salt], [anna, new Uint8Array(32).fill(9)]]);
  const erased = withoutNames(report, (check) => salts.get(check), (check) => check === mike);
  expect(JSON.parse(erased)).toMatchObject({ data: { report: { openChecks: [{ label: expect.stringMatching(/^erased-/) }, { label: "Anna" }, { label: "T5" }] } } });
  expect(eventDigest(erased, (check) => (check === anna ? salts.get(anna) : undefined))).toEqual(eventDigest(report, (check) => salts.get(check)));
});
