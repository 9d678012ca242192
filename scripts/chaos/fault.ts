import type { RunningProcess } from "../services/server.ts";
import type { Chance } from "../survival/chance.ts";
import type { Stage } from "../survival/stage.ts";
import type { Moment } from "./times.ts";

/** Something that happens to the product and is over when the promise resolves; what it harmed runs again then. */
export type Fault = { readonly name: string; /** In runs of so many minutes and more, and once in each. */ readonly minutes?: number; strike(stage: Stage, own: Chance, moment: Moment): Promise<void> };

/** Gone without a word, and started again a moment later. */
export function killed(what: string, one: (stage: Stage, own: Chance) => RunningProcess | Promise<RunningProcess>, signals: readonly NodeJS.Signals[] = ["SIGKILL"]): Fault {
  return {
    name: `${what} killed`,
    async strike(stage, own, moment) {
      const process = await one(stage, own);
      const signal = own.pick(signals);
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
