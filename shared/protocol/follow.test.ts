import { describe, expect, test } from "vitest";
import type { Down } from "./down.ts";
import { follow, joinSnapshot, receive, type Following } from "./follow.ts";

const epoch = "01JZZZZZZZZZZZZZZZZZZZZZZZ";
const at = (position: string) => ({ epoch, positions: { "3": position } });
const frame = (from: string, to: string, seq?: number) =>
  ({ type: "frame", ...(seq === undefined ? {} : { seq }), shard: 3, from, to, commandId: "c", at: "t", events: [] }) as const satisfies Down;

function after(start: Following, ...messages: Down[]) {
  let now = start;
  const done: string[] = [];
  for (const message of messages) {
    const { next, step } = receive(now, message);
    now = next;
    if (step.do !== "nothing") done.push(step.do);
  }
  return { now, done };
}

describe("RT-2: following a socket", () => {
  test("applies what is after the cursor and drops what is at or below it", () => {
    const { now, done } = after(follow(at("5")), frame("4", "5"), frame("6", "7"), { type: "caughtUp", cursor: at("7"), seq: 0 }, frame("8", "8", 1));
    expect(done).toEqual(["apply", "apply"]);
    expect(now.cursor).toEqual(at("8"));
  });

  test("a gap in the live frames is a reconnect", () => {
    const { done } = after(follow(at("5")), { type: "caughtUp", cursor: at("5"), seq: 3 }, frame("6", "6", 5));
    expect(done).toEqual(["reconnect"]);
  });

  test("a lost last frame is found by the heartbeat", () => {
    const beat = { type: "heartbeat", serverTime: "2026-11-20T12:00:00Z", cursor: at("6"), seq: 4 } as const;
    const { now, done } = after(follow(at("5")), { type: "caughtUp", cursor: at("5"), seq: 3 }, beat);
    expect(done).toEqual(["reconnect"]);
    expect(now.cursor).toEqual(at("5"));
  });

  test("a heartbeat moves the cursor over what was not for this screen", () => {
    const beat = { type: "heartbeat", serverTime: "2026-11-20T12:00:00Z", cursor: at("9"), seq: 3 } as const;
    expect(after(follow(at("5")), { type: "caughtUp", cursor: at("5"), seq: 3 }, beat).now.cursor).toEqual(at("9"));
  });

  test("a live frame before caughtUp is a reconnect", () => {
    expect(after(follow(at("5")), frame("6", "6", 1)).done).toEqual(["reconnect"]);
  });

  test("frames are kept until the snapshot is there, and only the later ones applied", () => {
    const { now, done } = after(follow(at("1")), { type: "snapshotRequired", reason: "too-old" }, { type: "caughtUp", cursor: at("50"), seq: 0 }, frame("51", "52", 1), frame("53", "53", 2));
    expect(done).toEqual(["snapshot", "keep", "keep"]);
    const joined = joinSnapshot(now, at("52"), [frame("51", "52", 1), frame("53", "53", 2)]);
    expect(joined?.apply.map((f) => f.to)).toEqual(["53"]);
    expect(joined?.next.cursor).toEqual(at("53"));
  });

  test("a snapshot from before the live frames, or of another epoch, cannot be joined", () => {
    const { now } = after(follow(undefined), { type: "caughtUp", cursor: at("50"), seq: 0 });
    expect(joinSnapshot(now, at("49"), [])).toBeUndefined();
    expect(joinSnapshot(now, { epoch: "01JZZZZZZZZZZZZZZZZZZZZZZY", positions: { "3": "60" } }, [])).toBeUndefined();
    expect(joinSnapshot(now, { epoch, positions: {} }, [])).toBeUndefined();
  });
});
