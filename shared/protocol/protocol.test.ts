import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { EVENTS } from "#shared/events/catalog.ts";
import { capability } from "#shared/events/identity.ts";
import { cursor, later, reached } from "./cursor.ts";
import { down } from "./down.ts";
import { maySee, topicOf, TOPICS } from "./topics.ts";
import { up } from "./up.ts";
import { PROTOCOL_HASH } from "./version.ts";

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

test("RT-1: a change of the wire needs a new protocol version (then take the new hash)", () => {
  const wire = { up: z.toJSONSchema(up, { io: "input" }), down: z.toJSONSchema(down, { io: "input" }) };
  expect(createHash("sha256").update(canonical(wire)).digest("hex")).toBe(PROTOCOL_HASH);
});

describe("RT-1: topics", () => {
  test("every event type of the catalogue has one", () => {
    expect(EVENTS.map((event) => event.type).filter((type) => topicOf(type) === undefined)).toEqual([]);
  });

  test("the longest beginning wins", () => {
    expect(topicOf("sale.order.sent")?.name).toBe("ws:observation.sale.sale-order");
    expect(topicOf("sale.order.itemsAdded")?.name).toBe("ws:observation.sale.sale-order-item");
    expect(topicOf("payment.attempt.success")?.name).toBe("ws:observation.payment.payment-attempt");
    expect(topicOf("payment.order.success")?.name).toBe("ws:observation.payment.transaction");
  });

  test("CSH-4: who counts a drawer blind hears of what happens in it, and gets no paper of it as an event", () => {
    const counts = new Set(["order.take", "check.settle", "drawer.operate", "manage.view"]);
    const sees = (type: string, capabilities: ReadonlySet<string>) => TOPICS.some((topic) => topic === topicOf(type) && maySee(topic, capabilities));
    expect([sees("cash.drawer.opened", counts), sees("cash.report.made", counts)]).toEqual([true, false]);
    expect(sees("cash.report.made", new Set(["approve.cash"]))).toBe(true);
  });

  test("an unknown type reaches no screen", () => {
    expect(topicOf("payroll.salary.paid")).toBeUndefined();
  });

  test("names are unique, few enough for an audience's bits, and capabilities are those of the catalogue", () => {
    expect(new Set(TOPICS.map((topic) => topic.name)).size).toBe(TOPICS.length);
    expect(TOPICS.length).toBeLessThanOrEqual(30);
    const known: readonly string[] = capability.options;
    const named = TOPICS.flatMap((topic) => (topic.seenBy === "everyone" ? [] : topic.seenBy));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("a cook sees tickets and no money; a device with nobody on it sees the menu", () => {
    const sees = (capabilities: string[]) => TOPICS.filter((topic) => maySee(topic, new Set(capabilities))).map((topic) => topic.name);
    expect(sees(["kitchen.work"])).toContain("ws:observation.sale.kitchen-ticket");
    expect(sees(["kitchen.work"]).filter((name) => name.includes("payment") || name.includes("check"))).toEqual([]);
    expect(sees([])).toEqual(["ws:observation.catalog.product", "ws:observation.stock.countdown", "ws:observation.commerce.merchant"]);
  });
});

describe("RT-2: cursor", () => {
  const epoch = "01JZZZZZZZZZZZZZZZZZZZZZZZ";

  test("positions are compared as numbers of any size", () => {
    expect(later("9", "10")).toBe("10");
    expect(later("9007199254740993", "9007199254740992")).toBe("9007199254740993");
    expect(reached("5", "5")).toBe(true);
    expect(reached("10", "9")).toBe(false);
  });

  test.each([
    [{ epoch, positions: { "16": "1" } }],
    [{ epoch, positions: { "1": "-1" } }],
    [{ epoch, positions: { "1": "01" } }],
    [{ epoch, positions: { "1": 1 } }],
    [{ epoch: "x", positions: {} }],
    [{ epoch, positions: {}, more: 1 }],
    [null],
  ])("is refused when malformed: %j", (value) => {
    expect(cursor.safeParse(value).success).toBe(false);
  });
});
