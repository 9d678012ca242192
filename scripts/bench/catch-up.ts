import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Sql } from "#hub/db/client.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { figure, losses, percentile, type Figure } from "./figures.ts";
import { HttpLane } from "./http-lane.ts";
import { PeerWaiter } from "./peer-waiter.ts";
import { installPeers, peerDatabase, runRooms } from "./peer-processes.ts";
import { apiOf, pairKitchenScreen, renewed, type BenchPlace } from "./place.ts";
import { RoomScreen } from "./room-screen.ts";
import { Screen, type FrameListener } from "./screen.ts";
import { comeToWork, type Tapper } from "./side.ts";
import { tapAtPace } from "./taps.ts";
import { Waiter } from "./waiter.ts";

const SCREENS_PER_PLACE = 10;
/** Of one device the hub keeps eight sockets. */
const DEVICES_PER_PLACE = 2;
const PER_SECOND = 100;
/** Away for so many times the seconds of a round. */
const AWAY = 5;
const RETURN_SECONDS = 4;
/** Who has not everything by then counts as having taken so long. */
const LATE_MS = 30_000;
const COUNTED_MS = 12_000;
/** As a procedure without an input is called. */
const NO_INPUT = JSON.stringify({ json: null, meta: { values: ["undefined"] } });

/** With the access tokens of its screens. */
type Place = BenchPlace & { readonly devices: readonly string[] };
type Opened = { close(): void };
/** How long the last of what was missed took to arrive, and whether all of it came in order and once. */
type Return = { readonly ms: readonly number[]; readonly wrong: number };

/**
 * Fifty places, ten screens each; all are away while their places go on at 100 commands a second together, and come back
 * at the same moment, while the load goes on. A screen is caught up when the last command that it missed has arrived; all
 * that it missed must come, in the order of its place, and nothing twice. A screen of the product has to fetch a ticket
 * first, which is part of its time. The hub has the events in memory; another hub, which was never asked for these places
 * before, reads them from Postgres while the load goes on at the first, and what is read there is counted by Postgres.
 */
export async function catchUp({ stack, places, dir, rounds, seconds }: OnAStack): Promise<Figure[]> {
  await installPeers();
  let withDevices: Place[] = [];
  for (const place of places) withDevices.push({ ...place, devices: await Promise.all(Array.from({ length: DEVICES_PER_PLACE }, () => pairKitchenScreen(stack, place))) });
  const load = { hub: new Load(), peer: new Load() };
  const hubWaiters = () => comeToWork(stack.url, withDevices.length, (lane, i) => load.hub.noted(new Waiter(lane, withDevices[i] as Place, i), i));
  await tapFor(hubWaiters, 4);
  const peer = await runRooms(stack, dir, { name: "rooms", databaseUrl: await peerDatabase(stack.adminUrl, "rooms_peer"), recovery: true });
  const peerWaiters = () => comeToWork(peer.url, withDevices.length, (lane, i) => load.peer.noted(new PeerWaiter(lane, roomOf(withDevices, i), i), i));
  const other = await stack.addHub();
  const admin = connect(stack.adminUrl, { max: 1 });
  const beginning = await cursorsOf(stack, withDevices);

  const seen: { hub: Return; peer: Return }[] = [];
  let elsewhereSeen: Return & { readonly read: number } = { ms: [], wrong: Number.NaN, read: Number.NaN };
  try {
    let screens = await Promise.all(Array.from({ length: PLACES * SCREENS_PER_PLACE }, (_, i) => openScreen(stack.url, withDevices, i, beginning, () => {})));
    let rooms = await openRooms(peer.url, withDevices);
    await Promise.all([...screens, ...rooms].map((screen) => screen.live));
    // Socket.IO recovers only who has had something.
    await tapFor(peerWaiters, 2);
    for (let round = 1; round <= rounds; round++) {
      await sleep(1_000);
      withDevices = await Promise.all(withDevices.map((place) => renewedAll(stack, place)));
      const [cursors, recoveries] = [await cursorsOf(stack, withDevices), rooms.map((room) => room.recovery)];
      close([...screens, ...rooms]);
      load.hub.forget();
      load.peer.forget();
      await Promise.all([tapFor(hubWaiters, seconds * AWAY), tapFor(peerWaiters, seconds * AWAY)]);

      const hub = await comeBack(load.hub, hubWaiters, (i, onFrame) => openScreen(stack.url, withDevices, i, cursors, onFrame));
      const back = await comeBack(load.peer, peerWaiters, (i, onFrame) => RoomScreen.open(peer.url, roomOf(withDevices, placeOf(i)), onFrame, recoveries[i]));
      [screens, rooms] = [hub.screens, back.screens];

      seen.push({ hub: hub.seen, peer: back.seen });
      say(`  back after ${seconds * AWAY} s, round ${round}: p99 hub ${percentile(hub.seen.ms, 0.99).toFixed(0)} ms, Socket.IO ${percentile(back.seen.ms, 0.99).toFixed(0)} ms, ${back.seen.ms.filter((ms) => ms === LATE_MS).length} of whose ${PLACES * SCREENS_PER_PLACE} had not all after ${LATE_MS / 1000} s`);
      if (round < rounds) continue;

      const owed = await entriesOwed(admin, withDevices, cursors);
      const before = await entriesRead(admin);
      const cold = await comeBack(load.hub, hubWaiters, (i, onFrame) => openScreen(other.url, withDevices, i, cursors, onFrame));
      elsewhereSeen = { ...cold.seen, read: ((await entriesRead(admin)) - before) / owed };
      close(cold.screens);
      say(`  the same at another hub: p99 ${percentile(cold.seen.ms, 0.99).toFixed(0)} ms`);
    }
    close([...screens, ...rooms]);
  } finally {
    await admin.end();
    await peer.stop();
  }
  const p99 = ({ ms }: Return) => percentile(ms, 0.99);
  return [
    figure(`back after ${seconds * AWAY} s: caught up, p99`, "ms", seen.map((r) => p99(r.hub))),
    figure(`Socket.IO: caught up, p99, counted to ${LATE_MS / 1000} s`, "ms", seen.map((r) => p99(r.peer))),
    figure("caught up, p99, to Socket.IO's", "x", seen.map((r) => p99(r.hub) / p99(r.peer)), { atMost: 0.25 }),
    losses("screens with a loss, a double or disorder", [...seen.map((r) => r.hub.wrong), elsewhereSeen.wrong]),
    figure("Socket.IO: the same", "", seen.map((r) => r.peer.wrong)),
    figure("at another hub: caught up, p99", "ms", [p99(elsewhereSeen)]),
    figure("at another hub: entries read to their own", "x", [elsewhereSeen.read], { atMost: 1.1 }),
  ];
}

/** What was answered at each place, in order; a place has one waiter. */
class Load {
  readonly #ids: string[][] = [];

  noted(waiter: Tapper, place: number): Tapper {
    return {
      tap: async (commandId) => {
        await waiter.tap(commandId);
        (this.#ids[place] ??= []).push(commandId);
      },
    };
  }

  forget(): void {
    this.#ids.length = 0;
  }

  of(place: number): readonly string[] {
    return [...(this.#ids[place] ?? [])];
  }
}

async function tapFor(waiters: () => ReturnType<typeof comeToWork>, seconds: number): Promise<void> {
  const { all, close: goHome } = await waiters();
  await tapAtPace(all, PER_SECOND, PER_SECOND * seconds, () => {});
  goHome();
}

async function comeBack<S extends Opened>(load: Load, waiters: () => ReturnType<typeof comeToWork>, open: (i: number, onFrame: FrameListener) => Promise<S>): Promise<{ readonly seen: Return; readonly screens: S[] }> {
  const missed = Array.from({ length: PLACES }, (_, place) => load.of(place));
  const got = Array.from({ length: PLACES * SCREENS_PER_PLACE }, () => ({ ids: [] as string[], at: Number.NaN }));
  const goesOn = tapFor(waiters, RETURN_SECONDS);
  const began = performance.now();
  const screens = await Promise.all(
    got.map((mine, i) => {
      const wanted = new Set(missed[placeOf(i)]);
      return open(i, (commandId, at) => {
        if (!wanted.has(commandId)) return;
        mine.ids.push(commandId);
        if (mine.ids.length === wanted.size) mine.at = at;
      });
    }),
  );
  for (const until = performance.now() + LATE_MS; got.some(({ at }) => Number.isNaN(at)) && performance.now() < until; ) await sleep(20);
  await goesOn;
  const isRight = (ids: readonly string[], i: number) => ids.join() === (missed[placeOf(i)] ?? []).join();
  return { seen: { ms: got.map(({ at }) => (Number.isNaN(at) ? LATE_MS : at - began)), wrong: got.filter(({ ids }, i) => !isRight(ids, i)).length }, screens };
}

export const PLACES = 50;
const placeOf = (screen: number) => Math.floor(screen / SCREENS_PER_PLACE);
const roomOf = (places: readonly BenchPlace[], i: number) => places[i]?.merchant ?? "";
const close = (screens: readonly Opened[]) => screens.forEach((screen) => screen.close());

async function openRooms(url: string, places: readonly BenchPlace[]): Promise<RoomScreen[]> {
  return Promise.all(Array.from({ length: places.length * SCREENS_PER_PLACE }, (_, i) => RoomScreen.open(url, roomOf(places, placeOf(i)), () => {})));
}

async function renewedAll(stack: Pick<Stack, "secret">, place: Place): Promise<Place> {
  const [accessToken = "", ...devices] = await Promise.all([place.accessToken, ...place.devices].map((token) => renewed(stack, place, token)));
  return { ...place, accessToken, devices };
}

async function cursorsOf(stack: Pick<Stack, "url">, places: readonly Place[]): Promise<readonly Cursor[]> {
  const cursors: Cursor[] = [];
  for (const { devices: [device = ""] } of places) cursors.push((await apiOf(stack, device).sync.snapshot.query()).cursor);
  return cursors;
}

/** As a tablet comes back: it fetches a ticket, which works once, and shows it on its socket. */
async function openScreen(url: string, places: readonly Place[], i: number, cursors: readonly Cursor[], onFrame: FrameListener): Promise<Screen> {
  const { devices } = places[placeOf(i)] as Place;
  const lane = await HttpLane.open(url);
  const answer = await lane.post("/trpc/auth.socketTicket", devices[i % devices.length] ?? "", NO_INPUT);
  lane.close();
  const { ticket } = (JSON.parse(answer) as { readonly result: { readonly data: { readonly json: { readonly ticket: string } } } }).result.data.json;
  return Screen.open(url, { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor: cursors[placeOf(i)] }, onFrame);
}

/** Rows of events that Postgres has fetched for anybody so far. */
async function entriesRead(admin: Sql): Promise<number> {
  // A session that has nothing more to do tells what it counted within ten seconds.
  await sleep(COUNTED_MS);
  const [row] = await admin<{ read: bigint }[]>`select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::bigint as read from pg_stat_user_tables where relname = 'events'`;
  return Number(row?.read ?? 0n);
}

/** Events of its place that each screen missed, over all screens. */
async function entriesOwed(admin: Sql, places: readonly Place[], cursors: readonly Cursor[]): Promise<number> {
  let owed = 0;
  for (const [i, { merchant, organizer }] of places.entries()) {
    for (const [shard, position] of Object.entries(cursors[i]?.positions ?? {})) {
      const [row] = await admin<{ events: bigint }[]>`select count(*) as events from events where shard = ${Number(shard)} and position > ${position}::bigint and owner_id = any(${[merchant, organizer]})`;
      owed += Number(row?.events ?? 0n) * SCREENS_PER_PLACE;
    }
  }
  return owed;
}

