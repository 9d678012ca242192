import { connect } from "#hub/db/client.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { shardOf } from "#shared/shards.ts";
import { waitFor } from "../services/server.ts";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import { Arrivals, settled } from "./arrivals.ts";
import type { OnAStack } from "./bench.ts";
import { figure, losses, percentile, type Figure } from "./figures.ts";
import { fillLog } from "./filled-log.ts";
import { HttpLane } from "./http-lane.ts";
import { apiOf, makeBenchPlace, newId, pairKitchenScreen, type BenchPlace } from "./place.ts";
import { Screen, type FrameListener } from "./screen.ts";
import { comeToWork, type Tapper } from "./side.ts";
import { tapAtPace } from "./taps.ts";
import { Waiter } from "./waiter.ts";

const PER_SECOND = 200;
const WAITERS_PER_PLACE = 4;
const WARM_UP_SECONDS = 15;
const LATE_MS = 2_000;
/** A p99 of one window is what the machine did in one moment of it. */
const PAIRS_IN_A_ROUND = 2;
/** Orders are sent once in 21 commands. */
const LONGER_FOR_TICKETS = 4;
/** Of the neighbour, whose taps on a locked shard are refused after three seconds: so many more hands. */
const NEIGHBOUR_PER_SECOND = 10;
const NEIGHBOUR_WAITERS = 40;
/** Its attempts go on for half a minute. */
const POISON_ENDS_MS = 90_000;
/** As `log_append` takes a shard's lock (LOG-1). */
const SHARD_LOCKS = 2_666_632;
const TICKET = /"type":"sale\.kitchen-ticket\.created"[\s\S]*?"order":"([^"]+)"/g;

/** Milliseconds from the tap to the frame on its place's screen, and from the tap that sends to the ticket there; frames and tickets that did not come in time, and second ones. */
type Seen = { readonly taps: readonly number[]; readonly tickets: readonly number[]; readonly missing: number; readonly doubled: number };
/** With whom the others share a shard, when it was measured as well. */
type Window = Seen & { readonly neighbour?: Seen };
type Pair = { readonly calm: Window; readonly disturbed: Window };
/** One window; of the last pair, which a profile is made of, by its name. */
type Measure = (last?: string) => Promise<Window>;
/** Begins the disturbance; what it answers ends it, and resolves when nothing of it is left. */
type Disturb = () => Promise<() => Promise<void>>;

/**
 * Restaurants with a kitchen screen each take 200 commands a second together, undisturbed and with one of them in trouble:
 * a screen that reads nothing; a merchant whose shard is locked by a transaction that does not end, while its waiters go
 * on tapping; an event that no consumer can read, on the shard of one of the others. Windows with and without the
 * disturbance take turns, each pair in the other order, and the p99 of all windows with it is held to that of all without:
 * of two single windows alone the p99 differs by more than any disturbance makes. A merchant on the locked shard is none of
 * the others: it cannot write there at all, and has a figure of its own, in which a tap without a frame counts two seconds.
 */
export async function isolation({ stack, places, rounds, seconds, profile, profiled }: OnAStack): Promise<Figure[]> {
  const stalled = places.at(-1) as BenchPlace;
  const others = places.filter((place) => shardOf(place.merchant) !== shardOf(stalled.merchant));
  const neighbour = await makeBenchPlace(stack, merchantBeside(stalled.merchant));
  const load = await openLoad(stack, others, { perSecond: PER_SECOND, waiters: others.length * WAITERS_PER_PLACE, mayBeRefused: false });
  const beside = await openLoad(stack, [neighbour], { perSecond: NEIGHBOUR_PER_SECOND, waiters: NEIGHBOUR_WAITERS, mayBeRefused: true });
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
  const inPairs = async (name: string, what: "taps" | "tickets", disturb: Disturb, window: Measure = () => load.round(seconds)): Promise<readonly Pair[]> => {
    const pairs: Pair[] = [];
    const count = rounds * (what === "taps" && !profile ? PAIRS_IN_A_ROUND : 1);
    const disturbed = async (isLast: boolean) => {
      const end = await disturb();
      const seen = await window(isLast ? `beside ${name}` : undefined);
      await end();
      return seen;
    };
    for (let pair = 1; pair <= count; pair++) {
      const isLast = pair === count;
      const first = pair % 2 === 0 ? await disturbed(isLast) : undefined;
      const calm = await window(isLast ? `without ${name}` : undefined);
      pairs.push({ calm, disturbed: first ?? (await disturbed(isLast)) });
      say(`  ${name}, pair ${pair}: p99 ${percentile(pairs.at(-1)?.disturbed[what] ?? [], 0.99).toFixed(1)} ms, without ${percentile(calm[what], 0.99).toFixed(1)} ms`);
    }
    return pairs;
  };
  const socket = await inPairs("a stalled socket", "taps", deaf);
  const merchant = await inPairs("a stalled merchant", "taps", () => stallMerchant(stack, stalled), async (last) => {
    const both = () => Promise.all([load.round(seconds), beside.round(seconds)]);
    const [seen, its] = await (last === undefined ? both() : profiled(both, { name: last, stack }));
    return { ...seen, neighbour: its };
  });
  const event = await inPairs("a poison event", "tickets", poisoned, () => load.round(seconds * LONGER_FOR_TICKETS));
  load.close();
  beside.close();
  const neighbours = merchant.flatMap(({ calm, disturbed }) => (calm.neighbour && disturbed.neighbour ? [{ calm: calm.neighbour, disturbed: disturbed.neighbour }] : []));
  const count = (name: string, what: "missing" | "doubled") => losses(name, [...socket, ...merchant, ...event].flatMap(({ calm, disturbed }) => [calm[what], disturbed[what]]));
  return [
    figure("tap to screen of eight places, p99", "ms", [...socket, ...merchant].map(({ calm }) => percentile(calm.taps, 0.99))),
    pooled("beside a stalled socket, p99", socket, "taps"),
    pooled("beside a stalled merchant, p99", merchant, "taps"),
    pooled("on a stalled merchant's shard, p99", neighbours, "taps"),
    figure("tap to ticket of eight places, p99", "ms", event.map(({ calm }) => percentile(calm.tickets, 0.99))),
    pooled("beside a poison event, tickets, p99", event, "tickets"),
    count(`frames and tickets not there after ${LATE_MS / 1000} s`, "missing"),
    count("frames and tickets that came twice", "doubled"),
  ];
}

/** Of all windows together; its range is that of the single pairs. */
function pooled(name: string, pairs: readonly Pair[], what: "taps" | "tickets"): Figure {
  const ratio = (of: readonly Pair[]) => percentile(of.flatMap(({ disturbed }) => disturbed[what]), 0.99) / percentile(of.flatMap(({ calm }) => calm[what]), 0.99);
  return { ...figure(name, "x", pairs.map((pair) => ratio([pair])), { atMost: 1.1 }), value: ratio(pairs) };
}

type LoadSize = { readonly perSecond: number; readonly waiters: number; readonly mayBeRefused: boolean };

async function openLoad(stack: Stack, places: readonly BenchPlace[], size: LoadSize): Promise<{ round(seconds: number): Promise<Seen>; close(): void }> {
  const due = new Map<string, number>();
  const sent = new Map<string, number>();
  let [taps, tickets] = [newWay(), newWay()];
  const came = (way: Way, name: string, at: number, since: number | undefined) => {
    if (way.arrivals.came(name, 0)) way.ms.push(at - (since ?? Number.NaN));
  };
  const onFrame: FrameListener = (commandId, at, text) => {
    came(taps, commandId, at, due.get(commandId));
    for (const [, order = ""] of text.matchAll(TICKET)) came(tickets, order, at, sent.get(order));
  };
  const screens: Screen[] = [];
  for (const place of places) screens.push(await openScreen(stack, place, onFrame));
  const onSend = ({ commandId, order }: { readonly commandId: string; readonly order: string }) => {
    sent.set(order, due.get(commandId) ?? Number.NaN);
    tickets.arrivals.sent(order);
  };
  const waiterAt = (lane: HttpLane, i: number) => new Waiter(lane, places[i % places.length] as BenchPlace, i, onSend);
  return {
    async round(seconds) {
      [taps, tickets] = [newWay(), newWay()];
      due.clear();
      sent.clear();
      const { all, close } = await comeToWork(stack.url, size.waiters, (lane, i) => (size.mayBeRefused ? undaunted(() => waiterAt(lane, i)) : waiterAt(lane, i)));
      await tapAtPace(all, size.perSecond, size.perSecond * seconds, (id, at) => {
        due.set(id, at);
        taps.arrivals.sent(id);
      });
      await settled([taps.arrivals, tickets.arrivals], LATE_MS);
      close();
      const [missing, doubled] = [taps.arrivals.missing + tickets.arrivals.missing, taps.arrivals.doubled + tickets.arrivals.doubled];
      if (missing > 0) say(`  ${missing} frames and tickets ${size.mayBeRefused ? "on the stalled merchant's shard " : ""}had not come ${LATE_MS / 1000} s later`);
      // What has not come counts as what was waited for.
      const withLate = ({ arrivals, ms }: Way) => [...ms, ...Array.from({ length: arrivals.missing }, () => LATE_MS)];
      return { taps: withLate(taps), tickets: withLate(tickets), missing, doubled };
    },
    close: () => screens.forEach((screen) => screen.close()),
  };
}

type Way = { readonly arrivals: Arrivals; readonly ms: number[] };
const newWay = (): Way => ({ arrivals: new Arrivals(1), ms: [] });

/** Begins a new order when a tap was refused. */
function undaunted(begin: () => Waiter): Tapper {
  let waiter = begin();
  return { tap: (commandId) => waiter.tap(commandId).catch(() => (waiter = begin())) };
}

/** Of another merchant on the same shard. */
function merchantBeside(merchant: string): string {
  for (;;) {
    const other = newId("merchant");
    if (shardOf(other) === shardOf(merchant)) return other;
  }
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
    const merchant = merchantBeside(place.merchant);
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
