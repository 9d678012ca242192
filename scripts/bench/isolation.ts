import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "#hub/db/client.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { shardOf } from "#shared/shards.ts";
import { waitFor } from "../services/server.ts";
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
/** Windows with a disturbance, and as many without, for each round that is asked for. */
const PAIRS_A_ROUND = 2;
/** Its attempts go on for half a minute. */
const POISON_ENDS_MS = 90_000;
/** As `log_append` takes a shard's lock (LOG-1). */
const SHARD_LOCKS = 2_666_632;
const TICKET = /"type":"sale\.kitchen-ticket\.created"[\s\S]*?"order":"([^"]+)"/g;

/** Milliseconds from the tap to the frame on its place's screen, and from the tap that sends to the ticket there. */
type Seen = { readonly taps: readonly number[]; readonly tickets: readonly number[] };
type Pair = { readonly calm: Seen; readonly disturbed: Seen };
/** Begins the disturbance; what it answers ends it, and resolves when nothing of it is left. */
type Disturb = () => Promise<() => Promise<void>>;

/**
 * Restaurants with a kitchen screen each take 200 commands a second together, undisturbed and with one of them in trouble:
 * a screen that reads nothing; a merchant whose shard is locked by a transaction that does not end, while its waiters go
 * on tapping; an event that no consumer can read, on the shard of one of the others. Windows with and without the
 * disturbance take turns, each pair in the other order, and the p99 of all windows with it is held to that of all without:
 * of two single windows alone the p99 differs by more than any disturbance makes.
 */
export async function isolation({ stack, places, rounds, seconds }: OnAStack): Promise<Figure[]> {
  const stalled = places.at(-1) as BenchPlace;
  const others = places.filter((place) => shardOf(place.merchant) !== shardOf(stalled.merchant));
  const load = await openLoad(stack, others);
  say("Warming up ...");
  await load.round(WARM_UP_SECONDS);
  const deaf: Disturb = async () => {
    const screen = await openScreen(stack, others[0] as BenchPlace, () => {});
    screen.stall();
    return async () => screen.close();
  };
  const poisoned: Disturb = async () => {
    const before = await deadLetters(stack);
    const added = await poison(stack, others[0] as BenchPlace);
    return () => waitFor("the poison's end as a dead letter", POISON_ENDS_MS, async () => (await deadLetters(stack)) >= before + added);
  };
  const inPairs = async (name: string, what: keyof Seen, disturb: Disturb): Promise<readonly Pair[]> => {
    const pairs: Pair[] = [];
    const disturbed = async () => {
      const end = await disturb();
      const seen = await load.round(seconds);
      await end();
      return seen;
    };
    for (let pair = 1; pair <= rounds * PAIRS_A_ROUND; pair++) {
      const first = pair % 2 === 0 ? await disturbed() : undefined;
      const calm = await load.round(seconds);
      pairs.push({ calm, disturbed: first ?? (await disturbed()) });
      say(`  ${name}, pair ${pair}: p99 ${percentile(pairs.at(-1)?.disturbed[what] ?? [], 0.99).toFixed(1)} ms, without ${percentile(calm[what], 0.99).toFixed(1)} ms`);
    }
    return pairs;
  };
  const socket = await inPairs("a stalled socket", "taps", deaf);
  const merchant = await inPairs("a stalled merchant", "taps", () => stallMerchant(stack, stalled));
  const event = await inPairs("a poison event", "tickets", poisoned);
  load.close();
  return [
    figure("tap to screen of eight places, p99", "ms", [...socket, ...merchant].map(({ calm }) => percentile(calm.taps, 0.99))),
    pooled("beside a stalled socket, p99", socket, "taps"),
    pooled("beside a stalled merchant, p99", merchant, "taps"),
    figure("tap to ticket of eight places, p99", "ms", event.map(({ calm }) => percentile(calm.tickets, 0.99))),
    pooled("beside a poison event, tickets, p99", event, "tickets"),
  ];
}

/** Of all windows together; its range is that of the ratios when each pair in turn is left out. */
function pooled(name: string, pairs: readonly Pair[], what: keyof Seen): Figure {
  const ratio = (of: readonly Pair[]) => percentile(of.flatMap(({ disturbed }) => disturbed[what]), 0.99) / percentile(of.flatMap(({ calm }) => calm[what]), 0.99);
  const without = pairs.map((left) => ratio(pairs.filter((pair) => pair !== left)));
  return { ...figure(name, "x", without, { atMost: 1.1 }), value: ratio(pairs) };
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
      const withLate = (got: number[], of: number) => [...got, ...Array.from({ length: of - got.length }, () => LATE_MS)];
      return { taps: withLate(taps, due.size), tickets: withLate(tickets, sent.size) };
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
async function deadLetters(stack: Stack): Promise<number> {
  const sql = connect(stack.adminUrl, { max: 1 });
  try {
    const [row] = await sql<{ kept: number }[]>`select count(*)::int as kept from dead_letters where consumer_group = 'kitchen'`;
    return row?.kept ?? 0;
  } finally {
    await sql.end();
  }
}
