import { expect, test } from "vitest";
import type { DomainEvent, EventEnvelope } from "#shared/events/catalog.ts";
import { checkTotals } from "../check/totals.ts";
import type { Actor } from "../command.ts";
import { provisionalEnvelope } from "../provisional.ts";
import { id, WAITER, type World } from "../testing/given.ts";
import { add, burgerItem, DRAWER, eur, openDrawer, ORDER, phoItem, seated, send } from "../testing/place.ts";
import { checkTimeline, type Beside } from "./check-timeline.ts";
import type { TimelineEntry } from "./entry.ts";

const SOFIA: Actor = { ...WAITER, staff: id("staff", 9), name: "Sofia", capabilities: [...WAITER.capabilities, "approve.adjustments"] };

/** The check's stream as the log would have it; commands are told apart by the place in the world's log. */
function recorded(w: World) {
  const check = w.all("check")[0]?.id ?? "";
  const events: EventEnvelope[] = [];
  const beside = new Map<string, EventEnvelope[]>();
  /** Runs a step of the evening as one command. */
  const as = (actor: Actor, command: string, run: () => unknown) => {
    const from = w.written.length;
    run();
    for (const { stream, event } of w.written.slice(from)) {
      const envelope = { ...provisionalEnvelope(event as DomainEvent, stream, 0, w.context(actor)), commandid: command } as EventEnvelope;
      if (stream === check) events.push({ ...envelope, streamversion: events.length + 1 });
      else beside.set(command, [...(beside.get(command) ?? []), envelope]);
    }
  };
  w.written.filter(({ stream }) => stream === check).forEach(({ event }, i) => events.push({ ...provisionalEnvelope(event, check, i + 1, w.context(WAITER)), commandid: "c0" } as EventEnvelope));
  return { check, events, beside, as };
}

function evening() {
  const w = seated();
  openDrawer(w);
  add(w, phoItem(1), burgerItem(2, { seat: 1 }));
  const r = recorded(w);
  send(w, 1, 2);
  r.as(WAITER, "c1", () => w.does("order.voidItem", { order: ORDER, item: id("item", 1), newItem: id("item", 8), reason: "Guest left" }, SOFIA));
  r.as(WAITER, "c2", () => add(w, phoItem(3)));
  send(w, 3);
  r.as(WAITER, "c3", () => w.does("check.present", { check: r.check }));
  r.as(WAITER, "c4", () => w.does("payment.takeCash", { payment: id("payment", 1), check: r.check, drawer: DRAWER, tendered: eur(3000) }));
  r.as(SOFIA, "c5", () => w.does("check.close", { check: r.check }, SOFIA));
  const beside: Beside = { events: r.beside, approvals: new Map(), names: new Map([[WAITER.staff ?? "", "Mai"], [SOFIA.staff ?? "", "Sofia"]]) };
  return { w, ...r, beside };
}
const amounts = ({ total, change, paid, due }: TimelineEntry) => [total, change, paid, due].map(({ amount }) => amount);

test("one entry per command: who, what, when, and the amounts after it", () => {
  const { events, beside, check, w } = evening();
  const { entries, state } = checkTimeline(events, undefined, beside);
  expect(entries.map(({ command, actor, steps }) => [command, actor.name, steps.map(({ kind }) => kind)])).toEqual([
    ["c0", "Mai", ["opened", "lines"]],
    ["c1", "Mai", ["lines", "voided-item"]],
    ["c2", "Mai", ["lines"]],
    ["c3", "Mai", ["presented"]],
    ["c4", "Mai", ["payment", "paid"]],
    ["c5", "Sofia", ["closed"]],
  ]);
  expect(entries.map(amounts)).toEqual([
    ["2740", "2740", "0", "2740"],
    ["1490", "-1250", "0", "1490"],
    ["2740", "1250", "0", "2740"],
    ["2740", "0", "0", "2740"],
    ["2740", "0", "2740", "0"],
    ["2740", "0", "2740", "0"],
  ]);
  expect(entries.map(({ status }) => status)).toEqual(["open", "open", "open", "presented", "paid", "closed"]);
  expect(entries[1]?.steps).toMatchObject([
    { kind: "lines", removed: [{ name: "Phở bò", quantity: "1", part: null, amount: eur(1250) }], added: [], changed: [] },
    { kind: "voided-item", name: "Phở bò", quantity: "1", reason: "Guest left", wasFired: true, wasMade: false },
  ]);
  expect(entries[4]?.steps[0]).toMatchObject({ kind: "payment", method: "cash", amount: eur(2740), tendered: eur(3000), change: eur(260) });
  expect(entries[5]?.steps).toEqual([{ kind: "closed", number: "000001" }]);
  // What the timeline ends with is what the check is.
  expect(checkTotals(state ?? fail())).toEqual(checkTotals(w.get("check", check) ?? fail()));
});

test("a timeline in pages is the timeline", () => {
  const { events, beside } = evening();
  const whole = checkTimeline(events, undefined, beside).entries;
  for (let cut = 0; cut < whole.length; cut++) {
    const at = whole[cut]?.from ?? 1;
    const first = checkTimeline(events.slice(0, at - 1), undefined, beside);
    const second = checkTimeline(events.slice(at - 1), first.state, beside);
    expect([...first.entries, ...second.entries]).toEqual(whole);
  }
});

function fail(): never {
  throw new Error("not there");
}
