import type { Stack } from "../services/stack.ts";
import type { Figure } from "./figures.ts";
import type { BenchPlace } from "./place.ts";

/** What a benchmark is given: the whole product as processes, and places in it. */
export type OnAStack = {
  readonly stack: Stack;
  readonly places: readonly BenchPlace[];
  /** For files of its own; gone afterwards. */
  readonly dir: string;
  readonly rounds: number;
  /** Of load, each round. */
  readonly seconds: number;
  /** Of the soak. */
  readonly minutes: number;
  /** Lengths of the log whose figures are held to the first's. */
  readonly events: readonly number[];
  /** One more product beside `stack`, which the bench stops itself. */
  another(name: string): Promise<Stack>;
  /** What every process of the stack loads before its own; one that is added with more names these too. */
  readonly imports: readonly string[];
  /** A look at where the time goes: figures beside it are of no use. */
  readonly profile: boolean;
  /** Runs a round, and with `--profile` tells where the time of `stack`, or of another product by its name, went in it. */
  profiled<Result>(round: () => Promise<Result>, of?: { readonly name: string; readonly stack: Stack }): Promise<Result>;
};

export type Bench = (on: OnAStack) => Promise<Figure[]>;
