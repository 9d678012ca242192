import { setTimeout as sleep } from "node:timers/promises";
import { ulid } from "./place.ts";
import type { Side, Tapper } from "./side.ts";

const LATE_MS = 5_000;

/**
 * Taps at a fixed pace (open loop: a slow answer does not hold back the next tap) by whoever is free, from when each was
 * due: what waits for a free waiter waits for the hub. Resolves when the last was answered.
 */
export async function tapAtPace(waiters: readonly Tapper[], perSecond: number, taps: number, due: (commandId: string, at: number) => void): Promise<void> {
  const idle = [...waiters];
  const under = new Set<Promise<void>>();
  const began = performance.now();
  for (let i = 0; i < taps; i++) {
    const at = began + (i * 1000) / perSecond;
    while (performance.now() < at || idle.length === 0) await sleep(1);
    const waiter = idle.shift();
    if (waiter === undefined) continue;
    const id = ulid();
    due(id, at);
    const tap: Promise<void> = waiter.tap(id).then(() => {
      idle.push(waiter);
      under.delete(tap);
    });
    under.add(tap);
  }
  await Promise.all(under);
}

export type TapsSeen = { readonly latencies: readonly number[]; readonly taps: number; readonly missing: number };

/** Every tap is seen by all screens of the side. Milliseconds from when it was due to its frame's last byte, over all screens. */
export async function measureTapsToScreens(side: Side, perSecond: number, seconds: number): Promise<TapsSeen> {
  const tapped = new Map<string, number>();
  const latencies: number[] = [];
  side.listen((commandId, at) => {
    const since = tapped.get(commandId);
    if (since !== undefined) latencies.push(at - since);
  });
  const taps = perSecond * seconds;
  const waiters = await side.waiters();
  await tapAtPace(waiters.all, perSecond, taps, (id, at) => tapped.set(id, at));
  waiters.close();
  for (const until = performance.now() + LATE_MS; latencies.length < taps * side.screens && performance.now() < until; ) await sleep(10);
  return { latencies, taps, missing: taps * side.screens - latencies.length };
}
