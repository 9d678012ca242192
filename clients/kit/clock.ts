import { useCallback, useState, useSyncExternalStore } from "react";

/** The hub's time: tablets' clocks differ, ages and timers must not. */
export class HubClock {
  #offset = 0;

  learn(serverTime: string): void {
    const offset = Date.parse(serverTime) - Date.now();
    // Below half a second it is the network's delay, not the clock.
    if (Math.abs(offset - this.#offset) > 500) this.#offset = offset;
  }

  offset(): number {
    return this.#offset;
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }
}

type Beat = { readonly listeners: Set<() => void>; readonly timer: ReturnType<typeof setInterval>; at: number };
const beats = new Map<number, Beat>();

function join(everyMs: number, listener: () => void): () => void {
  let beat = beats.get(everyMs);
  if (!beat) {
    const made: Beat = {
      listeners: new Set(),
      at: Date.now(),
      timer: setInterval(() => {
        made.at = Date.now();
        for (const each of made.listeners) each();
      }, everyMs),
    };
    beat = made;
    beats.set(everyMs, beat);
  }
  const joined = beat;
  joined.listeners.add(listener);
  return () => {
    joined.listeners.delete(listener);
    if (joined.listeners.size > 0) return;
    clearInterval(joined.timer);
    beats.delete(everyMs);
  };
}

/** This device's time, as of the last beat; one timer for all who ask for the same beat. */
export function useDeviceNow(everyMs: number): number {
  const [first] = useState(() => Date.now());
  return useSyncExternalStore(
    useCallback((listener: () => void) => join(everyMs, listener), [everyMs]),
    () => beats.get(everyMs)?.at ?? first,
  );
}

/** The hub's time, as of the last beat. */
export function useHubNow(clock: HubClock, everyMs: number): number {
  return useDeviceNow(everyMs) + clock.offset();
}
