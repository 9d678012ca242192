/** Rejects when the answer takes longer: what it was asked over must not be used again then. */
export async function within<T>(ms: number, answer: Promise<T>, late: () => Error = () => new Error(`no answer within ${ms} ms`)): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

export type Pause = {
  /** One at a time. */
  wait(ms: number): Promise<void>;
  /** Ends the wait that is on, if there is one. */
  rouse(): void;
};

/** A wait that can be ended early by who has news. */
export function pause(): Pause {
  let rouse: (() => void) | undefined;
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(end, ms);
        function end(): void {
          clearTimeout(timer);
          rouse = undefined;
          resolve();
        }
        rouse = end;
      }),
    rouse: () => rouse?.(),
  };
}
