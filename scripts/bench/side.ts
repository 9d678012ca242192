import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { Stack } from "../services/stack.ts";
import { HttpLane } from "./http-lane.ts";
import { PeerWaiter } from "./peer-waiter.ts";
import { apiOf, loginOnAnotherTablet, type BenchPlace } from "./place.ts";
import { RoomScreen } from "./room-screen.ts";
import { Screen } from "./screen.ts";
import { Waiter } from "./waiter.ts";

export type Tapper = { tap(commandId: string): Promise<unknown> };
/** Which of the screens has whose frame. */
export type ScreensListener = (screen: number, commandId: string, at: number) => void;
export type Waiters = { readonly all: readonly Tapper[]; close(): void };

/** One of the two that are measured: a place with its screens, connected, and waiters who come to work for each round. */
export type Side = {
  readonly screens: number;
  /** Servers close a connection on which nothing was asked while the other side was measured. */
  waiters(): Promise<Waiters>;
  /** Hears each screen's frames until somebody else listens. */
  listen(onFrame: ScreensListener): void;
  close(): void;
};

export type SideSize = { readonly screens: number; readonly waiters: number };

export async function hubSide(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, size: SideSize): Promise<Side> {
  const { cursor } = await apiOf(stack, place.accessToken).sync.snapshot.query();
  let heard: ScreensListener = () => {};
  const screens: Screen[] = [];
  for (let i = 0; i < size.screens; i++) {
    // A device each, as in a restaurant: of one device the hub keeps few sockets.
    const { ticket } = await apiOf(stack, await loginOnAnotherTablet(stack, place, `Tablet ${i + 1}`)).auth.socketTicket.mutate();
    screens.push(await Screen.open(stack.url, { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor }, (commandId, at) => heard(i, commandId, at)));
  }
  await Promise.all(screens.map((screen) => screen.live));
  return {
    screens: screens.length,
    waiters: () => comeToWork(stack.url, size.waiters, (lane, i) => new Waiter(lane, place, i)),
    listen: (onFrame) => (heard = onFrame),
    close: () => screens.forEach((screen) => screen.close()),
  };
}

export async function roomSide(peer: { readonly url: string }, room: string, size: SideSize): Promise<Side> {
  let heard: ScreensListener = () => {};
  const screens = await Promise.all(Array.from({ length: size.screens }, (_, i) => RoomScreen.open(peer.url, room, (commandId, at) => heard(i, commandId, at))));
  await Promise.all(screens.map((screen) => screen.live));
  return {
    screens: screens.length,
    waiters: () => comeToWork(peer.url, size.waiters, (lane, i) => new PeerWaiter(lane, room, i)),
    listen: (onFrame) => (heard = onFrame),
    close: () => screens.forEach((screen) => screen.close()),
  };
}

/** So many, each on a connection of their own. */
export async function comeToWork(url: string, count: number, waiter: (lane: HttpLane, i: number) => Tapper): Promise<Waiters> {
  const lanes = await Promise.all(Array.from({ length: count }, () => HttpLane.open(url)));
  return { all: lanes.map(waiter), close: () => lanes.forEach((lane) => lane.close()) };
}
