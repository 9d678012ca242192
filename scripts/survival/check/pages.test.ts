import { expect, test } from "vitest";
import type { Snapshot } from "../../../clients/kit/sync/world.ts";
import { madeVisit } from "./made-visit.ts";
import { checkPages } from "./pages.ts";

/** At the place in the visit's log where the course was fired: nothing is paid, and the kitchen is at work. */
const AT = "12";
const began = (...aggregates: readonly (readonly [kind: string, stream: string, version: number])[]) => ({
  name: "tablet",
  merchant: "mer_1",
  capabilities: () => ["order.take", "check.settle", "kitchen.work"],
  pages: [{ cursor: { epoch: "1", positions: { "1": AT } }, aggregates: aggregates.map(([kind, stream, version]) => ({ kind, stream, version, state: {} })) } as unknown as Snapshot],
});
const ORDER = ["order", "ord_1", 12] as const;
const CHECK = ["check", "chk_1", 11] as const;
const TICKET = ["ticket", "tkt_1", 9] as const;

test("a page that began with all that was under way leaves nothing to say", () => {
  expect(checkPages(began(ORDER, CHECK, TICKET), madeVisit())).toEqual([]);
});

test("a page need not begin with what is over, and needs to until it is", () => {
  const visit = madeVisit();
  const closed = visit.all.find(({ event }) => event.type === "sale.check.closed");
  if (closed === undefined) throw new Error("a visit without an end");
  const began = (position: bigint) => ({ name: "tablet", merchant: "mer_1", capabilities: () => ["check.settle"], pages: [{ cursor: { epoch: "1", positions: { "1": String(position) } }, aggregates: [] } as unknown as Snapshot] });
  const without = (position: bigint) => checkPages(began(position), visit).filter((finding) => finding.endsWith(`without check ${closed.event.subject}`));
  expect(without(closed.position - 1n)).toHaveLength(1);
  expect(without(closed.position)).toEqual([]);
});

test("the checker reports a page that began without an order, a check or a ticket, or with one as it was before", () => {
  expect(checkPages(began(CHECK, TICKET), madeVisit())).toEqual([`a page of tablet at {"1":"${AT}"} began without order ord_1`]);
  expect(checkPages(began(), madeVisit())).toHaveLength(3);
  expect(checkPages(began(ORDER, ["check", "chk_1", 7], TICKET), madeVisit())).toEqual([`a page of tablet at {"1":"${AT}"} began with check chk_1 at version 7, not 11`]);
});
