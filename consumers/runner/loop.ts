export type Loop = {
  /** Runs the task as soon as it can. */
  hurry(): void;
  stop(): Promise<void>;
};

/** Runs a task again and again, never twice at once; a failure is told and the next run is as planned. */
export function loop(task: () => Promise<void>, everyMs: () => number, onError: (error: unknown) => void): Loop {
  let stopped = false;
  let hurried = false;
  let wake: (() => void) | undefined;

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
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, everyMs());
      });
      clearTimeout(timer);
      wake = undefined;
    }
  }

  const done = run();
  return {
    hurry() {
      hurried = true;
      wake?.();
    },
    async stop() {
      stopped = true;
      wake?.();
      await done;
    },
  };
}
