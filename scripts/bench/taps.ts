import { setTimeout as sleep } from "node:timers/promises";
import { Arrivals, settled } from "./arrivals.ts";
import { ulid } from "./place.ts";
import type { Side, Tapper } from "./side.ts";

const LATE_MS = 5_000;

/**
 * Taps at a fixed pace (open loop: a slow answer does not hold back the next tap) by whoever is free, from when each was
 * due: what waits for a free waiter waits for the hub. Resolves when the last was answered; throws when one was refused.
 */
export async function tapAtPace(waiters: readonly Tapper[], perSecond: number, taps: number, due: (commandId: string, at: number) => void): Promise<void> {
  const idle = [...waiters];
  const under = new Set<Promise<void>>();
  let refused: Error | undefined;
  const began = performance.now();
  for (let i = 0; i < taps; i++) {
    const at = began + (i * 1000) / perSecond;
    while (refused === undefined && (performance.now() < at || idle.length === 0)) await sleep(1);
    if (refused !== undefined) throw refused;
    const waiter = idle.shift();
    if (waiter === undefined) continue;
    const id = ulid();
    due(id, at);
    const tap: Promise<void> = waiter.tap(id).then(
      () => {
        idle.push(waiter);
        under.delete(tap);
      },
      (error: Error) => void (refused ??= error),
    );
    under.add(tap);
  }
  await Promise.all(under);
  if (refused !== undefined) throw refused;
}

/** Of all screens: frames that did not come, and frames that came again. */
export type TapsSeen = { readonly latencies: readonly number[]; readonly missing: number; readonly doubled: number };

/** Every tap is seen by all screens of the side. Milliseconds from when it was due to its frame's last byte, over all screens. */
export async function measureTapsToScreens(side: Side, perSecond: number, seconds: number): Promise<TapsSeen> {
  const tapped = new Map<string, number>();
  const arrivals = new Arrivals(side.screens);
  const latencies: number[] = [];
  side.listen((screen, commandId, at) => {
    if (arrivals.came(commandId, screen)) latencies.push(at - (tapped.get(commandId) ?? Number.NaN));
  });
  const waiters = await side.waiters();
  await tapAtPace(waiters.all, perSecond, perSecond * seconds, (id, at) => {
    tapped.set(id, at);
    arrivals.sent(id);
  });
  waiters.close();
  await settled([arrivals], LATE_MS);
  return { latencies, missing: arrivals.missing, doubled: arrivals.doubled };
}
