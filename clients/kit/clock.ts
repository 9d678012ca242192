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

/** What `tell` tells of this device's time, as of the last beat; drawn again only when it tells something else, so it tells a text or a number. One timer for all who ask for the same beat. */
export function useDeviceTime<Told extends string | number | boolean>(everyMs: number, tell: (now: number) => Told): Told {
  const [first] = useState(() => Date.now());
  return useSyncExternalStore(
    useCallback((listener: () => void) => join(everyMs, listener), [everyMs]),
    () => tell(beats.get(everyMs)?.at ?? first),
  );
}

export function useDeviceNow(everyMs: number): number {
  return useDeviceTime(everyMs, (now) => now);
}

/** The same of the hub's time. */
export function useHubTime<Told extends string | number | boolean>(clock: HubClock, everyMs: number, tell: (now: number) => Told): Told {
  return useDeviceTime(everyMs, (now) => tell(now + clock.offset()));
}

export function useHubNow(clock: HubClock, everyMs: number): number {
  return useHubTime(clock, everyMs, (now) => now);
}
