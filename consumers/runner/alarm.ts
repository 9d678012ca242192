export type Alarm = {
  /** Rings after so long, unless it was set before. */
  set(ms: number): void;
  /** For good. */
  stop(): void;
};

/** One timer, never set twice at a time. */
export function alarm(ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  return {
    set(ms) {
      if (stopped) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        ring();
      }, ms);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
