import { afterAll, vi } from "vitest";

/** Files share a worker: a clock that one of them has stopped goes on for the next. */
afterAll(() => void vi.useRealTimers());
