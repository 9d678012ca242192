import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pause, within } from "./waiting.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("an answer in time is given, and leaves no timer", async () => {
  await expect(within(50, Promise.resolve(7))).resolves.toBe(7);
  await expect(within(50, Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(vi.getTimerCount()).toBe(0);
});

test("a late answer is an error, its own if one is named", async () => {
  const never = new Promise(() => {});
  const plain = expect(within(50, never)).rejects.toThrow("no answer within 50 ms");
  const named = expect(within(50, never, () => new RangeError("gone"))).rejects.toThrow(RangeError);
  await vi.advanceTimersByTimeAsync(50);
  await Promise.all([plain, named]);
});

test("a pause lasts its time, or until it is roused; rousing nobody changes nothing", async () => {
  const idle = pause();
  idle.rouse();
  let ended = 0;
  const first = idle.wait(1_000).then(() => ended++);
  await vi.advanceTimersByTimeAsync(999);
  expect(ended).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  await first;
  const second = idle.wait(1_000);
  idle.rouse();
  await second;
  expect(vi.getTimerCount()).toBe(0);
});
