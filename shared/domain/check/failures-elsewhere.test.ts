import { describe, expect, test } from "vitest";
import { id, type World } from "../testing/given.ts";
import { kitchenOf } from "../testing/kitchen.ts";
import { add, burgerItem, latteItem, ORDER, PARTY, phoItem, seated, send, TABLES } from "../testing/place.ts";
import { checkTotals } from "./totals.ts";

/** What users of other systems reported (facts: "what fails in other systems"); the numbers are that page's. */
const [B, OTHER, OTHER_ORDER, T7] = [id("check", 51), id("party", 2), id("order", 2), id("table", 7)];
const op = (n: number) => id("operation", n);
const shareOf = (w: World, check: string, item: number) => Object.values(w.get("check", check)?.shares ?? {}).find((share) => share.item === id("item", item))?.share ?? "";
const totalOf = (w: World, ...checks: string[]) => checks.reduce((sum, check) => sum + BigInt(checkTotals(w.get("check", check) ?? (undefined as never)).total), 0n);
const onTickets = (w: World) => w.all("ticket").flatMap((ticket) => Object.values(ticket.items).map(({ item, status, quantity }) => [ticket.label, item, status, quantity] as const));

function served() {
  const w = seated();
  const { check } = add(w, phoItem(1), burgerItem(2), latteItem(3, { quantity: "3" }));
  send(w, 1, 2, 3);
  const kitchen = kitchenOf(w);
  kitchen();
  return { w, kitchen, A: check };
}

describe("failure 13 (odoo#184679, #175878, #244195)", () => {
  test("a split, a share and its undoing fire nothing again in the kitchen", () => {
    const { w, kitchen, A } = served();
    const before = onTickets(w);
    w.does("check.split", { operation: op(1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 1) }, { share: shareOf(w, A, 3), quantity: "1" }] }] });
    w.does("check.share", { operation: op(2), check: A, items: [id("item", 2)], among: [A, B] });
    w.does("check.undo", { operation: op(2), check: A });
    w.does("check.undo", { operation: op(1), check: A });
    expect(kitchen()).toEqual([]);
    expect(onTickets(w)).toEqual(before);
  });

  test("split, pay, add: what was sent stays sent, and only what was added is fired", () => {
    const { w, kitchen, A } = served();
    w.does("check.split", { operation: op(1), check: A, into: [{ check: B, lines: [{ share: shareOf(w, A, 1) }] }] });
    w.does("payment.takeCard", { payment: id("payment", 1), check: B, slip: "1" });
    w.does("check.close", { check: B });
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(4)] });
    send(w, 4);
    const fired = kitchen();
    expect(fired.map(({ type }) => type)).toEqual(["sale.kitchen-ticket.created"]);
    expect(fired.flatMap((event) => (event.type === "sale.kitchen-ticket.created" ? event.data.items.map(({ item }) => item) : []))).toEqual([id("item", 4)]);
    expect(Object.values(w.get("order", ORDER)?.items ?? {}).map(({ status }) => status)).toEqual(["fired", "fired", "fired", "fired"]);
    expect(onTickets(w).every(([, , status]) => status === "pending")).toBe(true);
  });
});

describe("failure 14 (odoo#277517)", () => {
  test("a party that moves and one that divides are shown to the cooks by the new name, on the same tickets", () => {
    const { w, kitchen } = served();
    const tickets = w.all("ticket").length;
    w.does("commerce.addTable", { table: T7, name: "T7", zone: "Main", seats: 4, x: 9, y: 9, shape: "square" }, { staff: null, device: null, name: "operator", capabilities: [] });
    w.does("party.move", { operation: op(1), party: PARTY, tables: [T7], whenOccupied: "refuse" });
    expect(new Set(kitchen().map(({ type }) => type))).toEqual(new Set(["sale.kitchen-ticket.relabelled"]));
    expect(onTickets(w).map(([label]) => label)).toEqual(onTickets(w).map(() => "T7"));
    w.does("order.split", { operation: op(2), order: ORDER, items: [id("item", 2)], newOrder: id("order", 9), check: B, to: { kind: "label", label: "Tab Mike" } });
    kitchen();
    expect(onTickets(w).filter(([, item]) => item === id("item", 2)).map(([label]) => label)).toEqual(["Tab Mike"]);
    expect(w.all("ticket")).toHaveLength(tickets);
  });
});

describe("failure 15 (odoo#162231, #183070)", () => {
  function two() {
    const { w, kitchen, A } = served();
    w.does("party.seat", { party: OTHER, order: OTHER_ORDER, tables: [TABLES.t6], covers: 3, whenOccupied: "refuse" });
    const { check } = w.does("order.addItems", { order: OTHER_ORDER, party: OTHER, items: [phoItem(11), latteItem(12)] }).result;
    w.does("order.send", { order: OTHER_ORDER, items: [id("item", 11), id("item", 12)] });
    kitchen();
    return { w, kitchen, A, C: check };
  }

  test("a merge keeps the target's order and its lines, and the other's beside them", () => {
    const { w, kitchen, A, C } = two();
    const whole = totalOf(w, A, C);
    w.does("party.join", { operation: op(1), source: OTHER, target: PARTY });
    w.does("order.merge", { operation: op(2), source: OTHER_ORDER, target: ORDER });
    w.does("check.merge", { operation: op(3), target: A, sources: [C] });
    expect(Object.keys(w.get("order", ORDER)?.items ?? {}).sort()).toEqual([1, 2, 3, 11, 12].map((n) => id("item", n)));
    expect(totalOf(w, A)).toBe(whole);
    expect(kitchen().every(({ type }) => type === "sale.kitchen-ticket.relabelled")).toBe(true);
  });

  test("an unmerge leaves no table empty: each has its party, its order, its lines and its bill again", () => {
    const { w, kitchen, A, C } = two();
    const before = [ORDER, OTHER_ORDER].map((order) => w.get("order", order)?.items);
    const totals = [totalOf(w, A), totalOf(w, C)];
    w.does("party.join", { operation: op(1), source: OTHER, target: PARTY });
    w.does("order.merge", { operation: op(2), source: OTHER_ORDER, target: ORDER });
    w.does("check.merge", { operation: op(3), target: A, sources: [C] });
    w.does("check.undo", { operation: op(3), check: A });
    w.does("order.undo", { operation: op(2), order: ORDER });
    w.does("party.undo", { operation: op(1), party: PARTY });
    expect([ORDER, OTHER_ORDER].map((order) => w.get("order", order)?.items)).toEqual(before);
    expect([totalOf(w, A), totalOf(w, C)]).toEqual(totals);
    expect([w.get("table", TABLES.t5)?.parties, w.get("table", TABLES.t6)?.parties]).toEqual([[PARTY], [OTHER]]);
    expect([w.get("check", C)?.party, w.get("check", C)?.status, w.get("party", OTHER)?.cleared]).toEqual([OTHER, "open", false]);
    kitchen();
    expect(new Set(onTickets(w).map(([label, item]) => `${label} ${item.slice(-2)}`))).toEqual(new Set(["T5 01", "T5 02", "T5 03", "T6 11", "T6 12"]));
  });
});
