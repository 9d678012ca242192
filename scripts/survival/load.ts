import { delay, waitFor } from "../services/server.ts";
import { chance } from "./chance.ts";
import { cookOne } from "./cook.ts";
import type { Restaurant } from "./restaurant.ts";
import { waiterAt } from "./waiter.ts";

export type Load = {
  /** Commands answered so far. */
  answered(): number;
  /** Waits until so many more are answered: the service goes on. */
  goesOn(commands: number, withinMs?: number): Promise<void>;
  /** Every waiter serves the guests at hand to the end; throws what any of them ran into. */
  stop(): Promise<void>;
};

const HURRY = 10;

/** Waiters on all tablets and a cook in every kitchen work until they are told to stop. */
export function startLoad(restaurants: readonly Restaurant[], options: { readonly seed: number; readonly tapMs?: number }): Load {
  const { seed, tapMs = 150 } = options;
  const devices = restaurants.flatMap(({ tablets, kitchen }) => [...tablets, kitchen]);
  const failures: unknown[] = [];
  let stopping = false;

  const work = async (oneMore: () => Promise<unknown>) => {
    try {
      while (!stopping && failures.length === 0) await oneMore();
    } catch (error) {
      failures.push(error);
    }
  };
  let nextSeed = seed;
  const people = restaurants.flatMap((restaurant) => {
    const person = () => {
      const own = chance(nextSeed++);
      return {
        own,
        pause() {
          const ms = own.from(tapMs / 2, tapMs * 1.5);
          // Whoever is told to stop has nothing to wait for with the guests at hand.
          return delay(stopping ? ms / HURRY : ms);
        },
      };
    };
    const waiters = restaurant.tablets.map((tablet) => {
      const { own, pause } = person();
      const waiter = waiterAt(tablet, restaurant, own, pause);
      return work(() => waiter.serveGuests());
    });
    const { own, pause } = person();
    return [...waiters, work(() => cookOne(restaurant.kitchen, own, pause))];
  });

  const answered = () => devices.reduce((sum, { sent }) => sum + sent.filter(({ answer }) => answer !== undefined).length, 0);
  return {
    answered,
    async goesOn(commands, withinMs = 60_000) {
      const goal = answered() + commands;
      await waitFor(`${commands} more answers`, withinMs, () => failures.length > 0 || answered() >= goal);
      if (failures.length > 0) throw failures[0];
    },
    async stop() {
      stopping = true;
      await Promise.all(people);
      if (failures.length > 0) throw failures[0];
    },
  };
}
