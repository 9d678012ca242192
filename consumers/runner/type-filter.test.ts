import { ulid } from "ulidx";
import { expect, test } from "vitest";
import { encodeCommand, spliceEnvelope } from "#hub/log/encode.ts";
import { typeFilter } from "./type-filter.ts";

/** As the log writes it. */
function written(type: string, data: unknown): string {
  const event = { id: ulid(), type, data, dataversion: 1, occurredat: "2026-11-20T12:00:00.000Z" };
  const change = { stream: "ord_1", kind: "order", expected: 0, events: [event] };
  const { events } = encodeCommand({ commandId: ulid(), hash: "0".repeat(64), organizerId: "org_1", merchantId: "mer_1", actor: "staff:1", source: "/hub", correlationId: ulid(), changes: [change], counts: [], answer: "{}" });
  return spliceEnvelope(1n, "2026-11-20T12:00:00.000Z", 1n, events[0]?.rest ?? "");
}

test("an envelope of a wanted type is never missed, whatever else is called a type in it", () => {
  const wanted = typeFilter(["sale.order.sent", "sale.check.closed"]);
  expect(wanted(written("sale.order.sent", { type: "sale.order.fired" }))).toBe(true);
  expect(wanted(written("sale.check.closed", { note: '"type":"x"' }))).toBe(true);
  expect(wanted(written("sale.order.fired", { type: "sale.order.sent" }))).toBe(false);
});

test("other types are told by a look at the text", () => {
  const wanted = typeFilter(["sale.order.sent"]);
  expect(wanted(JSON.stringify({ type: "sale.order.sentinel" }))).toBe(false);
  expect(wanted(JSON.stringify({ type: "saleXorder.sent" }))).toBe(false);
  expect(wanted(JSON.stringify({ type: "sale.order.fired", data: { note: '"type":"sale.order.sent"' } }))).toBe(false);
  expect(typeFilter([])('{"type":""}')).toBe(false);
});
