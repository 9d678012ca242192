import { expect, test } from "vitest";
import { id, OPERATOR, world } from "../testing/given.ts";

const LETTER = id("deadLetter", 1);
const recorded = { type: "system.dead-letter.recorded", data: { group: "ledger", eventId: "evt_1", eventType: "sale.check.closed", reason: "no such account", attempts: 6 } } as const;

test("a dead letter is decided once, and again when it comes back", () => {
  const w = world();
  expect(w.refuses("system.retryDeadLetter", { deadLetter: LETTER, reason: "again" }, OPERATOR)).toEqual({ refused: "unknown-dead-letter", deadLetter: LETTER });
  w.happened("dead-letter", LETTER, [recorded]);
  expect(w.does("system.retryDeadLetter", { deadLetter: LETTER, reason: "again" }, OPERATOR).events).toEqual([{ type: "system.dead-letter.retryRequested", data: { by: "operator", reason: "again" } }]);
  expect(w.refuses("system.discardDeadLetter", { deadLetter: LETTER, reason: "no" }, OPERATOR)).toEqual({ refused: "dead-letter-decided", status: "retrying" });
  w.happened("dead-letter", LETTER, [recorded]);
  w.does("system.discardDeadLetter", { deadLetter: LETTER, reason: "entered by hand" }, OPERATOR);
  expect(w.get("dead-letter", LETTER)).toMatchObject({ group: "ledger", status: "discarded" });
});

test("only what can be done to a consumer is asked of it, and an id is used once", () => {
  const w = world();
  const [maintenance, reason] = [id("maintenance", 1), "it is wrong"];
  expect(w.refuses("system.rebuild", { maintenance, group: "ledger", reason }, OPERATOR)).toEqual({ refused: "not-rebuildable", group: "ledger" });
  expect(w.refuses("system.replay", { maintenance, group: "kitchen", from: { kind: "position", shard: 3, after: "0" }, reason }, OPERATOR)).toEqual({ refused: "not-replayable", group: "kitchen" });
  expect(w.refuses("system.compare", { maintenance, group: "kitchen", reason }, OPERATOR)).toEqual({ refused: "not-comparable", group: "kitchen" });
  w.does("system.compare", { maintenance: id("maintenance", 2), group: "ledger", reason }, OPERATOR);
  w.does("system.rebuild", { maintenance, group: "stock", reason }, OPERATOR);
  expect(w.get("maintenance", maintenance)).toMatchObject({ kind: "rebuild", group: "stock", by: "operator", reason, status: "requested" });
  expect(w.refuses("system.replay", { maintenance, group: "stock", from: { kind: "time", at: "2026-11-20T10:00:00.000Z" }, reason }, OPERATOR)).toEqual({ refused: "maintenance-exists", maintenance });
  w.happened("maintenance", maintenance, [{ type: "system.maintenance.failed", data: { kind: "rebuild", group: "stock", cause: "division by zero" } }]);
  expect(w.get("maintenance", maintenance)).toMatchObject({ status: "failed", cause: "division by zero" });
});
