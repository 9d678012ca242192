import type { Stack } from "../services/stack.ts";
import { HttpLane } from "./http-lane.ts";
import type { BenchPlace } from "./place.ts";
import { ITEMS_PER_ORDER, Waiter } from "./waiter.ts";

export type Load = { readonly perSecond: number; readonly commands: number; readonly latencies: readonly number[] };

/**
 * `inFlight` waiters, spread over the places, tap as fast as they are answered for `seconds`. Closed loop. Where there are
 * more places than waiters each goes to the next place with every order.
 */
export async function measureCommands(stack: Pick<Stack, "url">, places: readonly BenchPlace[], inFlight: number, seconds: number): Promise<Load> {
  const lanes = await Promise.all(Array.from({ length: inFlight }, () => HttpLane.open(stack.url)));
  const latencies: number[] = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    lanes.map(async (lane, i) => {
      let place = i % places.length;
      let waiter = waiterAt(lane, places[place]);
      for (let taps = 1; performance.now() < until; taps++) {
        const tapped = performance.now();
        await waiter.tap();
        latencies.push(performance.now() - tapped);
        if (places.length <= inFlight || taps % (ITEMS_PER_ORDER + 1) !== 0) continue;
        place = (place + inFlight) % places.length;
        waiter = waiterAt(lane, places[place]);
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  for (const lane of lanes) lane.close();
  return { perSecond: latencies.length / took, commands: latencies.length, latencies };
}

function waiterAt(lane: HttpLane, place: BenchPlace | undefined): Waiter {
  if (place === undefined) throw new Error("no place to tap at");
  return new Waiter(lane, place);
}
