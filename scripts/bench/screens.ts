import { say } from "../start/report.ts";
import { figure, losses, percentile, type Figure } from "./figures.ts";
import type { OnAStack } from "./bench.ts";
import { installPeers, peerDatabase, runRooms } from "./peer-processes.ts";
import { hubSide, roomSide, type Side } from "./side.ts";
import { measureTapsToScreens } from "./taps.ts";

const SCREENS = 50;
const WAITERS = 32;
const PER_SECOND = 200;
const WARM_UP_SECONDS = 15;

/** Hub and Socket.IO in turn, round by round: 200 commands a second in one place, each seen by its 50 screens. */
export async function screensAgainstRooms({ stack, places: [place], dir, rounds, seconds, profiled }: OnAStack): Promise<Figure[]> {
  if (place === undefined) throw new Error("no place to tap at");
  await installPeers();
  say(`  opening ${SCREENS} screens on either side ...`);
  const hub = await hubSide(stack, place, { screens: SCREENS, waiters: WAITERS });
  await measureTapsToScreens(hub, PER_SECOND, WARM_UP_SECONDS);
  const peer = await runRooms(stack, dir, { name: "rooms", databaseUrl: await peerDatabase(stack.adminUrl, "rooms_peer") });
  const rooms = await roomSide(peer, place.merchant, { screens: SCREENS, waiters: WAITERS });
  await measureTapsToScreens(rooms, PER_SECOND, WARM_UP_SECONDS);
  const seen: { hub: Seen; rooms: Seen }[] = [];
  for (let round = 1; round <= rounds; round++) {
    const [ours, theirs] = [await (round === 1 ? profiled(() => seenBy(hub, seconds)) : seenBy(hub, seconds)), await seenBy(rooms, seconds)];
    seen.push({ hub: ours, rooms: theirs });
    say(`  tap to ${SCREENS} screens at ${PER_SECOND}/s, round ${round}: hub p50 ${ours.p50.toFixed(1)}, p99 ${ours.p99.toFixed(1)} ms; Socket.IO p50 ${theirs.p50.toFixed(1)}, p99 ${theirs.p99.toFixed(1)} ms`);
  }
  // The peer has nobody who makes tickets, books and stock of what was tapped.
  await stack.consumers.kill("SIGSTOP");
  const alone: Seen[] = [];
  for (let round = 1; round <= rounds; round++) alone.push(await seenBy(hub, seconds));
  await stack.consumers.kill("SIGCONT");
  for (const side of [hub, rooms]) side.close();
  await peer.stop();
  const [ours, theirs] = [[...seen.map((r) => r.hub), ...alone], seen.map((r) => r.rooms)];
  return [
    figure("tap to 50 screens, p50", "ms", seen.map((r) => r.hub.p50)),
    figure("tap to 50 screens, p99", "ms", seen.map((r) => r.hub.p99), { atMost: 40 }),
    figure("Socket.IO: tap to 50 screens, p50", "ms", seen.map((r) => r.rooms.p50)),
    figure("Socket.IO: tap to 50 screens, p99", "ms", seen.map((r) => r.rooms.p99)),
    figure("tap to 50 screens, p99, to Socket.IO", "x", seen.map((r) => r.hub.p99 / r.rooms.p99), { atMost: 0.7 }),
    figure("tap to 50 screens, p50, consumers stopped", "ms", alone.map((r) => r.p50)),
    figure("tap to 50 screens, p99, consumers stopped", "ms", alone.map((r) => r.p99)),
    losses("frames not seen, of all rounds", ours.map((r) => r.missing)),
    losses("frames seen more than once, of all rounds", ours.map((r) => r.doubled)),
    figure("Socket.IO: frames not seen", "", [sumOf(theirs, "missing")]),
    figure("Socket.IO: frames seen more than once", "", [sumOf(theirs, "doubled")]),
  ];
}

type Seen = { readonly p50: number; readonly p99: number; readonly missing: number; readonly doubled: number };

const sumOf = (rounds: readonly Seen[], what: "missing" | "doubled") => rounds.reduce((sum, round) => sum + round[what], 0);

async function seenBy(side: Side, seconds: number): Promise<Seen> {
  const { latencies, missing, doubled } = await measureTapsToScreens(side, PER_SECOND, seconds);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), missing, doubled };
}
