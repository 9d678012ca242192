import { afterAll, vi } from "vitest";

/** Files share a worker: a clock that one of them has stopped goes on for the next, and what it stood in for is itself again. */
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
