import { answeredAt, type Answered } from "./answered.ts";
import { HttpLane } from "./http-lane.ts";
import { ulid, type BenchPlace } from "./place.ts";
import type { Streams } from "./published.ts";
import { ITEMS_PER_ORDER, Waiter } from "./waiter.ts";

/** One answer in so many milliseconds is followed to Redis. */
const FOLLOWED_EVERY_MS = 50;

export type Load = {
  /** Of commands that are durable and published, by the time until the last of them was both. */
  readonly perSecond: number;
  readonly answered: readonly Answered[];
  /** Milliseconds to the answers. */
  readonly latencies: readonly number[];
  /** Milliseconds from an answer until its last event is on the stream, of some. */
  readonly lags: readonly number[];
};

/**
 * `inFlight` waiters, spread over the places, tap as fast as they are answered for `seconds`. Closed loop; it is over when
 * everything answered has been published as well. Where there are more places than waiters each goes to the next place with
 * every order.
 */
export async function measureCommands(url: string, streams: Streams, places: readonly BenchPlace[], inFlight: number, seconds: number): Promise<Load> {
  const lanes = await Promise.all(Array.from({ length: inFlight }, () => HttpLane.open(url)));
  const latencies: number[] = [];
  const answered: Answered[] = [];
  const followed: Promise<number>[] = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  let nextFollowed = began;
  await Promise.all(
    lanes.map(async (lane, i) => {
      let place = i % places.length;
      let waiter = waiterAt(lane, places[place]);
      for (let taps = 1; performance.now() < until; taps++) {
        const commandId = ulid();
        const tapped = performance.now();
        const answer = await waiter.tap(commandId);
        const now = performance.now();
        latencies.push(now - tapped);
        const at = answeredAt(commandId, answer);
        answered.push(at);
        if (now >= nextFollowed) {
          nextFollowed = now + FOLLOWED_EVERY_MS;
          const lag = streams.reach(at.shard, at.to).then(() => performance.now() - now);
          // Who awaits it comes later.
          lag.catch(() => {});
          followed.push(lag);
        }
        if (places.length <= inFlight || taps % (ITEMS_PER_ORDER + 1) !== 0) continue;
        place = (place + inFlight) % places.length;
        waiter = waiterAt(lane, places[place]);
      }
    }),
  );
  await Promise.all([...lastOfEach(answered)].map(([shard, position]) => streams.reach(shard, position)));
  const took = (performance.now() - began) / 1000;
  for (const lane of lanes) lane.close();
  return { perSecond: answered.length / took, answered, latencies, lags: await Promise.all(followed) };
}

function lastOfEach(answered: readonly Answered[]): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (const { shard, to } of answered) last.set(shard, Math.max(to, last.get(shard) ?? 0));
  return last;
}

function waiterAt(lane: HttpLane, place: BenchPlace | undefined): Waiter {
  if (place === undefined) throw new Error("no place to tap at");
  return new Waiter(lane, place);
}
