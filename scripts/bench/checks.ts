import { setImmediate } from "node:timers/promises";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import { measureDrawn } from "./drawn.ts";
import { figure, percentile, type Figure } from "./figures.ts";
import { decideOnce, ITEMS, operationsOn, PARTS } from "./large-bill.ts";
import type { BenchPlace } from "./place.ts";
import { measureTwoCashiers } from "./two-cashiers.ts";

const WARM_UP = 60;
const RUNS = 300;

/** A hub decides each command in a turn of its own, with its collections of garbage between them; and sockets that it closed meanwhile are heard of. */
const others = () => setImmediate();

/** On a bill of 200 items and 12 parts, by the hub's own code: what is read is named, decided, and folded into what is stored. */
export async function decided(rounds: number): Promise<Figure[]> {
  const operations = [...operationsOn()];
  for (let i = 0; i < WARM_UP; i++) {
    for (const { operation, w } of operations) decideOnce(w, operation);
    await others();
  }
  const all: number[][][] = [];
  for (let round = 0; round < rounds; round++) {
    const taken: number[][] = operations.map(() => []);
    // One after the other, as cashiers do them: a hundred of a kind would be compiled for that kind alone.
    for (let run = 0; run < RUNS; run++) {
      for (const [i, { operation, w }] of operations.entries()) {
        taken[i]?.push(decideOnce(w, operation));
        await others();
      }
    }
    all.push(taken);
  }
  const figures = operations.flatMap(({ operation: { name } }, i) => {
    const of = (share: number) => all.map((round) => percentile(round[i] ?? [], share));
    return [figure(`decided: ${name}, p50`, "ms", of(0.5), { atMost: 5 }), figure(`decided: ${name}, p99`, "ms", of(0.99), { atMost: 5 })];
  });
  return [...figures, figure("decided: the slowest of all", "ms", all.map((round) => Math.max(...round.flat())))];
}

async function drawn(stack: Stack, place: BenchPlace, rounds: number): Promise<Figure[]> {
  const all = await measureDrawn(stack, place, rounds);
  return all.map(({ name, ms }) => figure(`drawn: ${name}`, "ms", ms, { atMost: 100 }));
}

async function twoCashiers(stack: Stack, place: BenchPlace, rounds: number): Promise<Figure[]> {
  const all = await measureTwoCashiers(stack, place, rounds);
  const of = (share: number) => all.map((seen) => percentile(seen, share));
  return [
    figure("two cashiers: work of one on the other's socket, p50", "ms", of(0.5)),
    figure("two cashiers: work of one on the other's socket, p99", "ms", of(0.99), { atMost: 200 }),
  ];
}

export async function measureChecks(stack: Stack, place: BenchPlace, rounds: number): Promise<Figure[]> {
  say(`  a bill of ${ITEMS} items and ${PARTS} parts: deciding, after ${WARM_UP} times of each operation as a hub has them behind it; p99 is of ${RUNS}, each in a turn of its own ...`);
  const figures = await decided(rounds);
  // Before the cashiers, whose thousand moves the consumers are at for a while.
  say("  drawing it on a browser slowed 4 times ...");
  figures.push(...(await drawn(stack, place, rounds)));
  say("  two cashiers at it ...");
  figures.push(...(await twoCashiers(stack, place, rounds)));
  return figures;
}
