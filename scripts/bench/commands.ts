import type { Stack } from "../services/stack.ts";
import { HttpLane } from "./http-lane.ts";
import type { BenchPlace } from "./place.ts";
import { Waiter } from "./waiter.ts";

export type Load = { readonly perSecond: number; readonly commands: number; readonly latencies: readonly number[] };

/** `inFlight` waiters, spread over the places, tap as fast as they are answered for `seconds`. Closed loop. */
export async function measureCommands(stack: Pick<Stack, "url">, places: readonly BenchPlace[], inFlight: number, seconds: number): Promise<Load> {
  const lanes = await Promise.all(Array.from({ length: inFlight }, () => HttpLane.open(stack.url)));
  const latencies: number[] = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    lanes.map(async (lane, i) => {
      const place = places[i % places.length];
      if (place === undefined) throw new Error("no place to tap at");
      const waiter = new Waiter(lane, place);
      while (performance.now() < until) {
        const tapped = performance.now();
        await waiter.tap();
        latencies.push(performance.now() - tapped);
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  for (const lane of lanes) lane.close();
  return { perSecond: latencies.length / took, commands: latencies.length, latencies };
}
