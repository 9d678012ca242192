import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deliveries } from "./deliveries.ts";

const LIMITS = { manyDeliveries: 1_000, togetherMs: 40 };
let clock = 0;
let sent: string[] = [];
const deliveries = () => new Deliveries((message) => sent.push(message), LIMITS, () => clock);
/** One a tenth of a second, each to so many sockets. */
const aSecondOf = (room: Deliveries, sockets: number) => {
  for (let n = 0; n < 10; n++) {
    clock += 100;
    room.add(`${clock}`, sockets);
  }
};

beforeEach(() => {
  vi.useFakeTimers();
  clock = 0;
  sent = [];
});
afterEach(() => {
  vi.useRealTimers();
});

test("a room with less than the limit gets everything at once", () => {
  const room = deliveries();
  for (let seconds = 0; seconds < 3; seconds++) aSecondOf(room, 90);
  expect(sent).toHaveLength(30);
  expect(vi.getTimerCount()).toBe(0);
});

test("a busier one gets together what comes within the wait, in order, and once", () => {
  const room = deliveries();
  aSecondOf(room, 100);
  aSecondOf(room, 100);
  sent = [];
  for (const message of ["a", "b", "c"]) room.add(message, 100);
  vi.advanceTimersByTime(39);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent.slice(-3)).toEqual(["a", "b", "c"]);
  const before = sent.length;
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(before);
});

test("what became calm waits no more, but never overtakes what does", () => {
  const room = deliveries();
  aSecondOf(room, 100);
  aSecondOf(room, 100);
  room.flush();
  sent = [];
  room.add("held", 100);
  clock += 5_000;
  room.add("after it", 100);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(40);
  room.add("alone", 100);
  expect(sent).toEqual(["held", "after it", "alone"]);
});

test("who joins afterwards gets nothing of what was added before", () => {
  const room = deliveries();
  aSecondOf(room, 100);
  aSecondOf(room, 100);
  sent = [];
  room.add("before", 100);
  room.flush();
  expect(sent.at(-1)).toBe("before");
  expect(vi.getTimerCount()).toBe(0);
});
