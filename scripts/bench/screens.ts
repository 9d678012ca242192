import { setTimeout as sleep } from "node:timers/promises";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { Stack } from "../services/stack.ts";
import { percentile } from "./figures.ts";
import { HttpLane } from "./http-lane.ts";
import { apiOf, loginOnAnotherTablet, type BenchPlace, ulid } from "./place.ts";
import { Screen } from "./screen.ts";
import { Waiter } from "./waiter.ts";

const WAITERS = 32;

export type TapToScreen = { readonly p50: number; readonly p99: number; readonly taps: number; readonly missing: number };

/**
 * Taps at a fixed pace (open loop: a slow answer does not hold back the next tap), every one seen by all screens of the
 * place. Milliseconds from the tap's first byte leaving to the frame's last byte arriving, over all screens.
 */
export async function measureTapToScreen(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, screens: number, perSecond: number, seconds: number): Promise<TapToScreen> {
  const api = apiOf(stack, place.accessToken);
  const snapshot = await api.sync.snapshot.query();
  const tapped = new Map<string, number>();
  const latencies: number[] = [];
  const opened: Screen[] = [];
  for (let i = 0; i < screens; i++) {
    // A device each, as in a restaurant: of one device the hub keeps few sockets.
    const { ticket } = await apiOf(stack, await loginOnAnotherTablet(stack, place, `Tablet ${i + 1}`)).auth.socketTicket.mutate();
    const hello = { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor: snapshot.cursor };
    opened.push(
      await Screen.open(stack.url, hello, (commandId, at) => {
        const since = tapped.get(commandId);
        if (since !== undefined) latencies.push(at - since);
      }),
    );
  }
  await Promise.all(opened.map((screen) => screen.live));

  const idle = await Promise.all(Array.from({ length: WAITERS }, async (_, i) => new Waiter(await HttpLane.open(stack.url), place, i)));
  const under = new Set<Promise<void>>();
  const began = performance.now();
  const taps = perSecond * seconds;
  for (let i = 0; i < taps; i++) {
    const due = began + (i * 1000) / perSecond;
    while (performance.now() < due || idle.length === 0) await sleep(1);
    const waiter = idle.shift();
    if (waiter === undefined) continue;
    const id = ulid();
    // Measured from when the tap was due: what waits for a free waiter waits for the hub.
    tapped.set(id, due);
    const tap: Promise<void> = waiter.tap(id).then(() => {
      idle.push(waiter);
      under.delete(tap);
    });
    under.add(tap);
  }
  await Promise.all(under);
  const deadline = performance.now() + 5_000;
  while (latencies.length < taps * screens && performance.now() < deadline) await sleep(10);
  for (const screen of opened) screen.close();
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), taps, missing: taps * screens - latencies.length };
}
