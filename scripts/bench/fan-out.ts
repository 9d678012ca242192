import { setTimeout as sleep } from "node:timers/promises";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { RunningProcess } from "../services/server.ts";
import { say } from "../start/report.ts";
import { Arrivals, settled } from "./arrivals.ts";
import type { OnAStack } from "./bench.ts";
import { figure, losses, percentile, type Figure } from "./figures.ts";
import { PeerWaiter } from "./peer-waiter.ts";
import { installPeers, peerDatabase, runRooms } from "./peer-processes.ts";
import { apiOf, loginOnAnotherTablet, pairKitchenScreen, type BenchPlace } from "./place.ts";
import { anonymousBytes, COLLECTING, cpuFromNow } from "./proc.ts";
import { tapAtPace } from "./taps.ts";
import { RoomScreen } from "./room-screen.ts";
import { Screen } from "./screen.ts";
import { comeToWork, type ScreensListener, type Waiters } from "./side.ts";
import { Waiter } from "./waiter.ts";

const SOCKETS = 200;
const PER_SECOND = 100;
const WAITERS = 16;
/** So many more at a time, with nothing to do, say what one costs in memory. */
const IDLE_AT_ONCE = 400;
/** Of one device the hub keeps so many sockets. */
const OF_ONE_DEVICE = 8;
const WARM_UP_SECONDS = 10;
const SETTLE_MS = 3_000;
const COLLECT_MS = 500;
const LATE_MS = 5_000;

/** The process that fans out, what opens a socket to it, and who taps elsewhere. */
type FanOut = {
  readonly process: RunningProcess;
  /** Screens that see everything that a waiter sees. */
  open(count: number, onFrame: ScreensListener): Promise<readonly { close(): void }[]>;
  openIdle(count: number): Promise<readonly { close(): void }[]>;
  waiters(): Promise<Waiters>;
};

/**
 * Two processes on each side, as a chain would run them: one takes the taps and does the durable work, the other only has
 * the 200 sockets, and gets by Redis what it shows. Of that one are measured: its processor time over all that it does,
 * by each frame that arrived at a socket, and what it keeps in memory for a socket that is open.
 */
export async function fanOut({ stack, places: [place], dir, rounds, seconds, imports, profiled }: OnAStack): Promise<Figure[]> {
  if (place === undefined) throw new Error("no place to tap at");
  await installPeers();
  const second = await stack.addHub({ imports: [...imports, COLLECTING] });
  const onSecond = { url: second.url, secret: stack.secret };
  const databaseUrl = await peerDatabase(stack.adminUrl, "rooms_peer");
  await warmRows(stack.url, place);
  const taps = await runRooms(stack, dir, { name: "rooms-taps", databaseUrl });
  const rooms = await runRooms(stack, dir, { name: "rooms-sockets", databaseUrl, imports: [COLLECTING] });
  const hub: FanOut = {
    process: second,
    open: (count, onFrame) => openOnHub(second.url, count, (i) => loginOnAnotherTablet(onSecond, place, `Tablet ${i}`), onFrame),
    openIdle: (count) => openOnHub(second.url, count, () => pairKitchenScreen(onSecond, place), () => {}),
    waiters: () => comeToWork(stack.url, WAITERS, (lane, i) => new Waiter(lane, place, i)),
  };
  const peer: FanOut = {
    process: rooms,
    open: (count, onFrame) => openInRoom(rooms.url, place.merchant, count, onFrame),
    openIdle: (count) => openInRoom(rooms.url, "nobody", count, () => {}),
    waiters: () => comeToWork(taps.url, WAITERS, (lane, i) => new PeerWaiter(lane, place.merchant, i)),
  };
  const figures: Figure[] = [];
  try {
    const memory = { hub: await memoryOfASocket(hub, rounds), peer: await memoryOfASocket(peer, rounds) };
    say(`  memory of a socket: hub ${memory.hub.map((n) => n.toFixed(1)).join(", ")} KB; Socket.IO ${memory.peer.map((n) => n.toFixed(1)).join(", ")} KB`);
    const seen = { hub: [] as Round[], peer: [] as Round[] };
    const measured = { hub: await watch(hub), peer: await watch(peer) };
    for (const side of ["hub", "peer"] as const) await measured[side].round(WARM_UP_SECONDS);
    for (let round = 1; round <= rounds; round++) {
      seen.hub.push(await (round === 1 ? profiled(() => measured.hub.round(seconds)) : measured.hub.round(seconds)));
      seen.peer.push(await measured.peer.round(seconds));
      say(`  fan-out, round ${round}: hub ${seen.hub.at(-1)?.cpu.toFixed(1)} µs, Socket.IO ${seen.peer.at(-1)?.cpu.toFixed(1)} µs a delivery`);
    }
    for (const side of ["hub", "peer"] as const) measured[side].close();
    figures.push(
      figure("fan-out: CPU of a delivery", "µs", seen.hub.map(({ cpu }) => cpu)),
      figure("Socket.IO: CPU of a delivery", "µs", seen.peer.map(({ cpu }) => cpu)),
      figure("fan-out: CPU to Socket.IO's", "x", seen.hub.map(({ cpu }, i) => cpu / (seen.peer[i]?.cpu ?? Number.NaN)), { atMost: 0.4 }),
      figure("tap to 200 sockets elsewhere, p50", "ms", seen.hub.map(({ p50 }) => p50)),
      figure("tap to 200 sockets elsewhere, p99", "ms", seen.hub.map(({ p99 }) => p99)),
      figure("Socket.IO: tap to 200 sockets elsewhere, p50", "ms", seen.peer.map(({ p50 }) => p50)),
      figure("Socket.IO: tap to 200 sockets elsewhere, p99", "ms", seen.peer.map(({ p99 }) => p99)),
      figure("memory of a socket", "KB", memory.hub),
      figure("Socket.IO: memory of a socket", "KB", memory.peer),
      figure("memory of a socket to Socket.IO's", "x", memory.hub.map((kb, i) => kb / (memory.peer[i] ?? Number.NaN)), { atMost: 0.25 }),
      losses("frames not delivered, of all rounds", seen.hub.map(({ missing }) => missing)),
      losses("frames delivered more than once, of all rounds", seen.hub.map(({ doubled }) => doubled)),
      figure("Socket.IO: frames not delivered", "", [sumOf(seen.peer, "missing")]),
      figure("Socket.IO: frames delivered more than once", "", [sumOf(seen.peer, "doubled")]),
    );
  } finally {
    await Promise.all([taps.stop(), rooms.stop()]);
  }
  return figures;
}

/** The peer's rows are as wide as the hub's: so there must be some of them. */
async function warmRows(url: string, place: BenchPlace): Promise<void> {
  const { all, close } = await comeToWork(url, WAITERS, (lane, i) => new Waiter(lane, place, i));
  await tapAtPace(all, PER_SECOND, PER_SECOND * 3, () => {});
  close();
}

/**
 * CPU in microseconds by every frame that arrived, those of tickets too; p50 and p99 in milliseconds from when a tap was due to its frame, missing and doubled are
 * the taps' own, over all sockets.
 */
type Round = { readonly cpu: number; readonly p50: number; readonly p99: number; readonly missing: number; readonly doubled: number };

async function watch(side: FanOut): Promise<{ round(seconds: number): Promise<Round>; close(): void }> {
  let deliveries = 0;
  let arrivals = new Arrivals(SOCKETS);
  const tapped = new Map<string, number>();
  let latencies: number[] = [];
  const sockets = await side.open(SOCKETS, (socket, commandId, at) => {
    deliveries++;
    if (arrivals.came(commandId, socket)) latencies.push(at - (tapped.get(commandId) ?? Number.NaN));
  });
  return {
    async round(seconds) {
      const { all, close } = await side.waiters();
      deliveries = 0;
      latencies = [];
      tapped.clear();
      arrivals = new Arrivals(SOCKETS);
      const used = cpuFromNow({ process: side.process.pid });
      await tapAtPace(all, PER_SECOND, PER_SECOND * seconds, (id, at) => {
        tapped.set(id, at);
        arrivals.sent(id);
      });
      await sleep(SETTLE_MS / 3);
      const cpu = (used().process * 1e6) / deliveries;
      close();
      await settled([arrivals], LATE_MS);
      return { cpu, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), missing: arrivals.missing, doubled: arrivals.doubled };
    },
    close: () => sockets.forEach((socket) => socket.close()),
  };
}

const sumOf = (rounds: readonly Round[], what: "missing" | "doubled") => rounds.reduce((sum, round) => sum + round[what], 0);

/** KB of each, by what the process takes for itself more when so many are open. */
async function memoryOfASocket(side: FanOut, rounds: number): Promise<number[]> {
  const sockets = [...(await side.openIdle(SOCKETS))];
  const inUse = async () => {
    await sleep(SETTLE_MS);
    await side.process.kill("SIGUSR2");
    await sleep(COLLECT_MS);
    return anonymousBytes(side.process.pid);
  };
  let before = await inUse();
  const each: number[] = [];
  for (let round = 0; round < rounds; round++) {
    sockets.push(...(await side.openIdle(IDLE_AT_ONCE)));
    const after = await inUse();
    each.push((after - before) / IDLE_AT_ONCE / 1024);
    before = after;
  }
  for (const socket of sockets) socket.close();
  return each;
}

async function openOnHub(url: string, count: number, login: (i: number) => Promise<string>, onFrame: ScreensListener): Promise<Screen[]> {
  const screens: Screen[] = [];
  for (let left = count; left > 0; left -= OF_ONE_DEVICE) {
    const api = apiOf({ url }, await login(left));
    const { cursor } = await api.sync.snapshot.query();
    for (let i = 0; i < Math.min(left, OF_ONE_DEVICE); i++) {
      const { ticket } = await api.auth.socketTicket.mutate();
      const screen = screens.length;
      screens.push(await Screen.open(url, { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor }, (commandId, at) => onFrame(screen, commandId, at)));
    }
  }
  await Promise.all(screens.map((screen) => screen.live));
  return screens;
}

async function openInRoom(url: string, room: string, count: number, onFrame: ScreensListener): Promise<RoomScreen[]> {
  const screens: RoomScreen[] = [];
  for (let i = 0; i < count; i++) screens.push(await RoomScreen.open(url, room, (commandId, at) => onFrame(i, commandId, at)));
  await Promise.all(screens.map((screen) => screen.live));
  return screens;
}
