import { setTimeout as sleep } from "node:timers/promises";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { Stack } from "../services/stack.ts";
import { checkState, divideBySeat, handOf, openBill } from "./bill.ts";
import { apiOf, newId, type BenchPlace, ulid } from "./place.ts";
import { Screen } from "./screen.ts";

const MOVES = 100;
const BETWEEN_MS = 25;

/** Milliseconds from one cashier's tap to the frame's last byte at the other's socket, both at work on one bill in twelve parts. */
export async function measureTwoCashiers(stack: Pick<Stack, "url">, place: BenchPlace, rounds: number): Promise<readonly (readonly number[])[]> {
  const hands = [handOf(stack, place), handOf(stack, place)] as const;
  const { check } = await openBill(hands[0], place, "Two cashiers");
  const [, second = "", third = ""] = await divideBySeat(hands[0], check);
  const { cursor } = await apiOf(stack, place.accessToken).sync.snapshot.query();
  const tapped = new Map<string, { readonly by: number; readonly at: number }>();
  let seen: number[] = [];
  const screens = await Promise.all(
    hands.map(async (_, cashier) => {
      const { ticket } = await apiOf(stack, place.accessToken).auth.socketTicket.mutate();
      return Screen.open(stack.url, { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor }, (commandId, at) => {
        const tap = tapped.get(commandId);
        if (tap && tap.by !== cashier) seen.push(at - tap.at);
      });
    }),
  );
  await Promise.all(screens.map((screen) => screen.live));
  try {
    const all: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      seen = [];
      await Promise.all([second, third].map((from, cashier) => moveAbout(cashier, from, check)));
      for (const until = Date.now() + 5_000; seen.length < 2 * MOVES && Date.now() < until; ) await sleep(5);
      if (seen.length < 2 * MOVES) throw new Error(`${2 * MOVES - seen.length} moves of one cashier were not seen by the other`);
      all.push(seen);
    }
    return all;
  } finally {
    for (const screen of screens) screen.close();
  }

  /** A line of a part goes to the table's check and is taken back, again and again. */
  async function moveAbout(cashier: number, part: string, home: string): Promise<void> {
    const [share] = Object.keys((await checkState(stack, place, part)).shares);
    const hand = hands[cashier];
    if (share === undefined || !hand) throw new Error(`nothing to move on ${part}`);
    for (let i = 0; i < MOVES; i++) {
      const [from, to] = i % 2 === 0 ? [part, home] : [home, part];
      const id = ulid();
      tapped.set(id, { by: cashier, at: performance.now() });
      await hand("check.split", { operation: newId("operation"), check: from, into: [{ check: to, lines: [{ share }] }] }, id);
      await sleep(BETWEEN_MS);
    }
  }
}
