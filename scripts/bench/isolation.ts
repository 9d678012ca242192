import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "#hub/db/client.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { shardOf } from "#shared/shards.ts";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { figure, percentile, type Figure } from "./figures.ts";
import { fillLog } from "./filled-log.ts";
import { HttpLane } from "./http-lane.ts";
import { apiOf, newId, pairKitchenScreen, type BenchPlace } from "./place.ts";
import { Screen, type FrameListener } from "./screen.ts";
import { comeToWork } from "./side.ts";
import { tapAtPace } from "./taps.ts";
import { Waiter } from "./waiter.ts";

const PER_SECOND = 200;
const WAITERS_PER_PLACE = 4;
const WARM_UP_SECONDS = 15;
const LATE_MS = 2_000;
/** As `log_append` takes a shard's lock (LOG-1). */
const SHARD_LOCKS = 2_666_632;
const TICKET = /"type":"sale\.kitchen-ticket\.created"[\s\S]*?"order":"([^"]+)"/g;

/** p99 from the tap to the frame on its place's screen, and from the tap that sends to the ticket there. */
type Seen = { readonly taps: number; readonly tickets: number };

/**
 * Restaurants with a kitchen screen each take 200 commands a second together, undisturbed and with one of them in trouble:
 * a screen that reads nothing; a merchant whose shard is locked by a transaction that does not end, while its waiters go
 * on tapping; an event that no consumer can read, on the shard of one of the others. What the others see is compared.
 */
export async function isolation({ stack, places, rounds, seconds }: OnAStack): Promise<Figure[]> {
  const stalled = places.at(-1) as BenchPlace;
  const others = places.filter((place) => shardOf(place.merchant) !== shardOf(stalled.merchant));
  const load = await openLoad(stack, others);
  say("Warming up ...");
  await load.round(WARM_UP_SECONDS);
  const seen: Record<"base" | "socket" | "merchant" | "poison", Seen[]> = { base: [], socket: [], merchant: [], poison: [] };
  for (let round = 1; round <= rounds; round++) {
    seen.base.push(await load.round(seconds));
    const deaf = await openScreen(stack, others[0] as BenchPlace, () => {});
    deaf.stall();
    seen.socket.push(await load.round(seconds));
    deaf.close();
    const goOn = await stallMerchant(stack, stalled);
    seen.merchant.push(await load.round(seconds));
    await goOn();
    say(`  round ${round}: the others' p99 ${seen.base.at(-1)?.taps.toFixed(1)} ms; beside a stalled socket ${seen.socket.at(-1)?.taps.toFixed(1)}, a stalled merchant ${seen.merchant.at(-1)?.taps.toFixed(1)}`);
  }
  // Its attempts go on for half a minute: they come last.
  const expected = rounds * (await poison(stack, others[0] as BenchPlace));
  for (let round = 1; round <= rounds; round++) {
    if (round > 1) await poison(stack, others[0] as BenchPlace);
    seen.poison.push(await load.round(seconds));
    say(`  a poison event, round ${round}: tickets' p99 ${seen.poison.at(-1)?.tickets.toFixed(1)} ms; without ${seen.base[round - 1]?.tickets.toFixed(1)}`);
  }
  load.close();
  await requireParked(stack, expected);
  const ratio = (to: "socket" | "merchant" | "poison", what: keyof Seen) => seen[to].map((one, i) => one[what] / (seen.base[i]?.[what] ?? Number.NaN));
  return [
    figure("tap to screen of eight places, p99", "ms", seen.base.map((r) => r.taps)),
    figure("beside a stalled socket, p99", "x", ratio("socket", "taps"), { atMost: 1.1 }),
    figure("beside a stalled merchant, p99", "x", ratio("merchant", "taps"), { atMost: 1.1 }),
    figure("tap to ticket of eight places, p99", "ms", seen.base.map((r) => r.tickets)),
    figure("beside a poison event, tickets, p99", "x", ratio("poison", "tickets"), { atMost: 1.1 }),
  ];
}

async function openLoad(stack: Stack, places: readonly BenchPlace[]): Promise<{ round(seconds: number): Promise<Seen>; close(): void }> {
  const due = new Map<string, number>();
  const sent = new Map<string, number>();
  let taps: number[] = [];
  let tickets: number[] = [];
  const onFrame: FrameListener = (commandId, at, text) => {
    const since = due.get(commandId);
    if (since !== undefined) taps.push(at - since);
    for (const [, order = ""] of text.matchAll(TICKET)) {
      const from = sent.get(order);
      if (from !== undefined) tickets.push(at - from);
    }
  };
  const screens: Screen[] = [];
  for (const place of places) screens.push(await openScreen(stack, place, onFrame));
  const onSend = ({ commandId, order }: { readonly commandId: string; readonly order: string }) => sent.set(order, due.get(commandId) ?? Number.NaN);
  return {
    async round(seconds) {
      [taps, tickets] = [[], []];
      due.clear();
      sent.clear();
      const { all, close } = await comeToWork(stack.url, places.length * WAITERS_PER_PLACE, (lane, i) => new Waiter(lane, places[i % places.length] as BenchPlace, i, onSend));
      await tapAtPace(all, PER_SECOND, PER_SECOND * seconds, (id, at) => due.set(id, at));
      for (const until = performance.now() + LATE_MS; (taps.length < due.size || tickets.length < sent.size) && performance.now() < until; ) await sleep(10);
      close();
      const lost = due.size - taps.length + sent.size - tickets.length;
      if (lost > 0) say(`  ${lost} frames and tickets had not come ${LATE_MS / 1000} s later`);
      // What has not come counts as what was waited for.
      const all99 = (got: number[], of: number) => percentile([...got, ...Array.from({ length: of - got.length }, () => LATE_MS)], 0.99);
      return { taps: all99(taps, due.size), tickets: all99(tickets, sent.size) };
    },
    close: () => screens.forEach((screen) => screen.close()),
  };
}

async function openScreen(stack: Stack, place: BenchPlace, onFrame: FrameListener): Promise<Screen> {
  const api = apiOf(stack, await pairKitchenScreen(stack, place));
  const { cursor } = await api.sync.snapshot.query();
  const { ticket } = await api.auth.socketTicket.mutate();
  const screen = await Screen.open(stack.url, { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor }, onFrame);
  await screen.live;
  return screen;
}

/** Its shard is locked, and four waiters there tap all the same; what it answers ends both. */
async function stallMerchant(stack: Stack, place: BenchPlace): Promise<() => Promise<void>> {
  const sql = connect(stack.adminUrl, { max: 1, idleInTransactionTimeoutMs: 0 });
  await sql`select pg_advisory_lock(${SHARD_LOCKS}::int, ${shardOf(place.merchant)}::int)`;
  let stalled = true;
  const tapping = Array.from({ length: WAITERS_PER_PLACE }, async () => {
    while (stalled) {
      const lane = await HttpLane.open(stack.url);
      // Refused after three seconds, and begun anew.
      await new Waiter(lane, place).tap().catch(() => {});
      lane.close();
    }
  });
  return async () => {
    stalled = false;
    await sql.end();
    await Promise.all(tapping);
  };
}

/** An order that was sent with nothing in it, of a merchant on the same shard; answers how many that are. */
async function poison(stack: Stack, place: BenchPlace): Promise<number> {
  const sql = connect(stack.env["CONSUMER_DATABASE_URL"] ?? "", { max: 1 });
  try {
    let merchant = newId("merchant");
    while (shardOf(merchant) !== shardOf(place.merchant)) merchant = newId("merchant");
    const [meta] = await sql<{ epoch: string }[]>`select epoch from log_meta`;
    return (await fillLog(sql, stack.redis.url, meta?.epoch ?? "", [{ merchant, subject: newId("order"), type: "sale.order.sent", data: {} }])).length;
  } finally {
    await sql.end();
  }
}

/** That it was poison, shows where the kitchen's consumer has put it. */
async function requireParked(stack: Stack, expected: number): Promise<void> {
  const sql = connect(stack.adminUrl, { max: 1 });
  const [row] = await sql<{ kept: bigint }[]>`select (select count(*) from parked_events where consumer_group = 'kitchen') + (select count(*) from dead_letters where consumer_group = 'kitchen') as kept`;
  await sql.end();
  if (Number(row?.kept ?? 0n) < expected) throw new Error(`of ${expected} poison events the kitchen's consumer had trouble with ${row?.kept}`);
}
