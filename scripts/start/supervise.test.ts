import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunningProcess } from "../services/server.ts";
import { supervise } from "./supervise.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "log").mockImplementation(() => {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A process that falls as soon as it has lived for so long, and notes when it was started again. */
function falling(lives: () => number): { running: RunningProcess; restarts: number[] } {
  const restarts: number[] = [];
  const began = Date.now();
  const running: RunningProcess = {
    pid: 1,
    ended: () => new Promise((resolve) => setTimeout(resolve, lives())),
    stop: async () => {},
    kill: async () => {},
    async restart() {
      restarts.push(Math.round((Date.now() - began) / 1_000));
    },
  };
  return { running, restarts };
}

test("a process that keeps falling is started again after 1, 2, 4, 8 s", async () => {
  const { running, restarts } = falling(() => 0);
  void supervise("hub", running, () => false);
  await vi.advanceTimersByTimeAsync(15_500);
  expect(restarts).toEqual([1, 3, 7, 15]);
});

test("one that has run for a minute begins with a second again", async () => {
  let life = 0;
  const { running, restarts } = falling(() => life);
  void supervise("hub", running, () => false);
  await vi.advanceTimersByTimeAsync(2_000);
  life = 61_000;
  await vi.advanceTimersByTimeAsync(1_500);
  await vi.advanceTimersByTimeAsync(62_500);
  expect(restarts).toEqual([1, 3, 65]);
});

test("nothing is started again once the stop has begun", async () => {
  const { running, restarts } = falling(() => 0);
  let stopping = false;
  const ended = supervise("hub", running, () => stopping);
  await vi.advanceTimersByTimeAsync(500);
  stopping = true;
  await vi.advanceTimersByTimeAsync(1_000);
  await ended;
  expect(restarts).toEqual([]);
});

test("a restart that fails is tried again", async () => {
  const { running, restarts } = falling(() => 0);
  const again = running.restart.bind(running);
  let fails = 2;
  const flaky: RunningProcess = Object.assign(running, {
    async restart() {
      if (fails-- > 0) throw new Error("not now");
      await again();
    },
  });
  void supervise("hub", flaky, () => false);
  await vi.advanceTimersByTimeAsync(7_500);
  expect(restarts).toEqual([7]);
});
