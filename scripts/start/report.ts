/** What the terminal is told: plain lines, one for each step, with its time. */
export function say(line: string): void {
  console.log(line);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Runs a step and says in one line what came of it. */
export async function step<T>(name: string, work: () => T | Promise<T>, outcome: (result: T) => string): Promise<T> {
  const started = performance.now();
  const result = await work();
  say(`${name.padEnd(10)} ${outcome(result)} (${seconds(performance.now() - started)})`);
  return result;
}

const NAME = "CannotStart";

/** An error whose message is one sentence for the person at the terminal: what is wrong and what to do. */
export function cannotStart(sentence: string): Error {
  const error = new Error(sentence);
  error.name = NAME;
  return error;
}

/** The sentence; a bug keeps its stack. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === NAME ? error.message : (error.stack ?? error.message);
}
