import { pause } from "#hub/log/waiting.ts";

export type Loop = {
  /** Runs the task as soon as it can. */
  hurry(): void;
  stop(): Promise<void>;
};

/** Runs a task again and again, never twice at once; a failure is told and the next run is as planned. */
export function loop(task: () => Promise<void>, everyMs: () => number, onError: (error: unknown) => void): Loop {
  let stopped = false;
  let hurried = false;
  const between = pause();

  async function run(): Promise<void> {
    while (!stopped) {
      hurried = false;
      try {
        await task();
      } catch (error) {
        onError(error);
      }
      if (stopped) return;
      if (hurried) continue;
      await between.wait(everyMs());
    }
  }

  const done = run();
  return {
    hurry() {
      hurried = true;
      between.rouse();
    },
    async stop() {
      stopped = true;
      between.rouse();
      await done;
    },
  };
}
