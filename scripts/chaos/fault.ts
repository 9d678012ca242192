import type { RunningProcess } from "../services/server.ts";
import type { Chance } from "../survival/chance.ts";
import type { Stage } from "../survival/stage.ts";
import type { Moment } from "./times.ts";

/** Something that happens to the product and is over when the promise resolves; what it harmed runs again then. */
export type Fault = { readonly name: string; /** In runs of so many minutes and more, and once in each. */ readonly minutes?: number; strike(stage: Stage, own: Chance, moment: Moment): Promise<void> };

/** The fault was there and nobody came upon it: it says nothing of what would have been, so it does not count as played. */
export class Unmet extends Error {}

/** Gone without a word, and started again a moment later. */
export function killed(what: string, one: (stage: Stage, own: Chance) => RunningProcess | Promise<RunningProcess>, { signal = "SIGKILL", name = `${what} killed` }: { readonly signal?: NodeJS.Signals; readonly name?: string } = {}): Fault {
  return {
    name,
    async strike(stage, own, moment) {
      const process = await one(stage, own);
      moment.begins();
      await process.kill(signal);
      await moment.hold(own.from(100, 3_000));
      await process.restart();
    },
  };
}

/** All of them gone in one moment, and started again together. */
export function killedAtOnce(what: string, all: (stage: Stage, own: Chance) => readonly RunningProcess[]): Fault {
  return {
    name: `${what} killed at once`,
    async strike(stage, own, moment) {
      const processes = all(stage, own);
      await Promise.all(processes.map((process) => process.kill("SIGKILL")));
      await moment.hold(own.from(100, 3_000));
      await Promise.all(processes.map((process) => process.restart()));
    },
  };
}

/** Each begins while the other is made; over when both are. */
export function together(one: Fault, other: Fault): Fault {
  return {
    name: `${one.name}, ${other.name} meanwhile`,
    async strike(stage, own, moment) {
      const ended = await Promise.allSettled([one.strike(stage, own, moment), other.strike(stage, own, moment)]);
      for (const end of ended) if (end.status === "rejected") throw end.reason;
    },
  };
}

/** Alive and silent, its connections open. */
export function stopped(what: string, one: (stage: Stage, own: Chance) => RunningProcess | Promise<RunningProcess>, mostMs: number): Fault {
  return {
    name: `${what} stopped`,
    async strike(stage, own, moment) {
      const process = await one(stage, own);
      moment.begins();
      await process.kill("SIGSTOP");
      await moment.hold(own.from(1_000, mostMs));
      await process.kill("SIGCONT");
    },
  };
}
