import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { Stack } from "../services/stack.ts";
import { HttpLane } from "./http-lane.ts";
import { PeerWaiter } from "./peer-waiter.ts";
import { apiOf, loginOnAnotherTablet, type BenchPlace } from "./place.ts";
import { RoomScreen } from "./room-screen.ts";
import { Screen, type FrameListener } from "./screen.ts";
import { Waiter } from "./waiter.ts";

export type Tapper = { tap(commandId: string): Promise<void> };

/** One of the two that are measured: a place with its screens and its waiters, all connected. */
export type Side = {
  readonly screens: number;
  readonly waiters: readonly Tapper[];
  /** Hears each screen's frames until somebody else listens. */
  listen(onFrame: FrameListener): void;
  close(): void;
};

export type SideSize = { readonly screens: number; readonly waiters: number };

export async function hubSide(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, size: SideSize): Promise<Side> {
  const { cursor } = await apiOf(stack, place.accessToken).sync.snapshot.query();
  let heard: FrameListener = () => {};
  const screens: Screen[] = [];
  for (let i = 0; i < size.screens; i++) {
    // A device each, as in a restaurant: of one device the hub keeps few sockets.
    const { ticket } = await apiOf(stack, await loginOnAnotherTablet(stack, place, `Tablet ${i + 1}`)).auth.socketTicket.mutate();
    screens.push(await Screen.open(stack.url, { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor }, (commandId, at) => heard(commandId, at)));
  }
  await Promise.all(screens.map((screen) => screen.live));
  const lanes = await Promise.all(Array.from({ length: size.waiters }, () => HttpLane.open(stack.url)));
  return sideOf(screens, lanes, (lane, i) => new Waiter(lane, place, i), (onFrame) => (heard = onFrame));
}

export async function roomSide(peer: { readonly url: string }, room: string, size: SideSize): Promise<Side> {
  let heard: FrameListener = () => {};
  const screens = await Promise.all(Array.from({ length: size.screens }, () => RoomScreen.open(peer.url, room, (commandId, at) => heard(commandId, at))));
  await Promise.all(screens.map((screen) => screen.live));
  const lanes = await Promise.all(Array.from({ length: size.waiters }, () => HttpLane.open(peer.url)));
  return sideOf(screens, lanes, (lane, i) => new PeerWaiter(lane, room, i), (onFrame) => (heard = onFrame));
}

function sideOf(screens: readonly { close(): void }[], lanes: readonly HttpLane[], waiter: (lane: HttpLane, i: number) => Tapper, listen: Side["listen"]): Side {
  return {
    screens: screens.length,
    waiters: lanes.map(waiter),
    listen,
    close() {
      for (const one of [...screens, ...lanes]) one.close();
    },
  };
}
