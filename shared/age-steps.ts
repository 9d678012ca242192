/** Ages of events are counted by these steps, in milliseconds; what is older than the last has a count of its own. */
export const AGE_STEPS_MS = [5, 10, 25, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 30_000] as const;

/** The index of the count that an age belongs to. */
export function ageStep(ms: number): number {
  const step = AGE_STEPS_MS.findIndex((limit) => ms <= limit);
  return step === -1 ? AGE_STEPS_MS.length : step;
}

/** The step below which 95 of 100 ages lie, in milliseconds; undefined without any. Infinity: older than the last step. */
export function p95Of(counts: readonly number[]): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let seen = 0;
  for (const [step, count] of counts.entries()) {
    seen += count;
    if (seen >= all * 0.95) return AGE_STEPS_MS[step] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
