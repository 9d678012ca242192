/** The value below which a share of the samples lies; `share` in 0..1. NaN, as of none, where one of them is NaN. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = inOrder(samples);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Of an even number the mean of the two in the middle; NaN, as of none, where one of them is NaN. */
export function median(samples: readonly number[]): number {
  const sorted = inOrder(samples);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

/** What was not measured has no place among what was: one of it, and there is no order. */
function inOrder(samples: readonly number[]): readonly number[] {
  return samples.some(Number.isNaN) ? [] : [...samples].sort((a, b) => a - b);
}

export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Lowest and highest of the rounds. */
  readonly range: readonly [number, number];
  readonly rounds: number;
  /** What the product promises for it now; absent for a figure that only explains another. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number };
  /** It counts what was lost or happened twice: missed, the run is wrong, however fast it was. */
  readonly loss?: true;
};

export function figure(name: string, unit: string, rounds: readonly number[], aim?: Figure["aim"]): Figure {
  return { name, unit, value: median(rounds), range: [Math.min(...rounds), Math.max(...rounds)], rounds: rounds.length, ...(aim === undefined ? {} : { aim }) };
}

/** All rounds' counts of what must never be, together: a median would pass over what happened in one of them. */
export function losses(name: string, rounds: readonly number[]): Figure {
  const all = rounds.length === 0 ? Number.NaN : rounds.reduce((sum, count) => sum + count, 0);
  return { ...figure(name, "", [all], { atMost: 0 }), loss: true };
}

/** Undefined where nothing was lost and nothing happened twice; otherwise a sentence that names each such figure with its bench. */
export function lossesAmong(all: readonly { readonly bench: string; readonly figures: readonly Figure[] }[]): string | undefined {
  const missed = all.flatMap(({ bench, figures }) => figures.filter((of) => of.loss === true && holds(of) === false).map(({ name, value }) => `${name} (${bench}): ${value}`));
  return missed.length === 0 ? undefined : `Something was lost or happened twice: ${missed.join("; ")}.`;
}

/** Undefined for a figure without an aim. */
export function holds({ value, aim }: Figure): boolean | undefined {
  if (aim === undefined) return undefined;
  return "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost;
}

export const NAME_WIDTH = 46;

/** As the table shows it. */
export function lineOf(of: Figure): string {
  const { name, value, unit, range, rounds, aim } = of;
  const shown = (n: number) => (Math.abs(n) >= 100 ? n.toFixed(0) : n.toFixed(2));
  const line = `${name.padEnd(NAME_WIDTH)} ${shown(value).padStart(8)} ${unit.padEnd(4)} (${shown(range[0])} to ${shown(range[1])}, of ${rounds})`;
  return aim === undefined ? line : `${line}  aim ${"atLeast" in aim ? `at least ${aim.atLeast}` : `at most ${aim.atMost}`}${unit === "" ? "" : ` ${unit}`}: ${holds(of) === true ? "holds" : "MISSED"}`;
}
