import { expect, test } from "vitest";
import { AT_ONCE, lanesOf } from "./lanes.ts";

function lanes() {
  const begun: string[] = [];
  const { enter } = lanesOf((id) => Promise.resolve(begun.push(id)));
  return { begun, enter, fill: (provider: string) => Array.from({ length: AT_ONCE.refunds }, (_, i) => enter(`${provider} ${i}`, provider, "refund")) };
}

test("a provider's refunds fill their own lane: its payments and every other provider's refunds go on", () => {
  const { enter, fill } = lanes();
  for (const leave of fill("silent")) expect(leave).toBeDefined();
  expect(enter("more", "silent", "refund")).toBeUndefined();
  for (let i = 0; i < AT_ONCE.payments; i++) expect(enter(`start ${i}`, "silent", i % 2 === 0 ? "start" : "ask")).toBeDefined();
  expect(enter("one too many", "silent", "capture")).toBeUndefined();
  expect(enter("elsewhere", "other", "refund")).toBeDefined();
});

test("who found it full begins in turn when there is room, once, however often it came", () => {
  const { begun, enter, fill } = lanes();
  const [first, second, third] = fill("silent");
  for (const id of ["a", "b", "a"]) expect(enter(id, "silent", "refund")).toBeUndefined();
  first?.();
  expect(begun).toEqual(["a"]);
  const leave = enter("a", "silent", "refund");
  expect(leave).toBeDefined();
  expect(enter("c", "silent", "refund")).toBeUndefined();
  second?.();
  expect(begun).toEqual(["a", "b"]);
  // It came by itself meanwhile.
  expect(enter("c", "silent", "refund")).toBeDefined();
  third?.();
  leave?.();
  expect(begun).toEqual(["a", "b"]);
});

test("the turn of a row that has ended meanwhile is the next one's", async () => {
  const { begun, enter, fill } = lanes();
  const [first] = fill("silent");
  for (const id of ["ended", "ended too", "next"]) enter(id, "silent", "refund");
  first?.();
  await expect.poll(() => begun).toEqual(["ended", "ended too", "next"]);
});
