import type { Report } from "./scenario.ts";

/** Nothing lost; something lost or double; not what could be played. */
export const EXIT = { well: 0, found: 1, refused: 2 } as const;

/** What a run ends with, of which `forms` were to be played; with `each`, every fault of them. */
export function exitOf(reports: readonly Pick<Report, "struck" | "unplayed" | "findings">[], { forms, each, stopped = false }: { readonly forms: number; readonly each: boolean; /** By a person, before its end. */ readonly stopped?: boolean }): number {
  if (reports.some(({ findings }) => findings.length > 0)) return EXIT.found;
  const isWhole = !stopped && reports.length === forms && reports.every(({ struck, unplayed }) => struck.length > 0 && !(each && unplayed.length > 0));
  return isWhole ? EXIT.well : EXIT.refused;
}

/** Of the guards that were switched off, how many findings told of each one's harm; `asked` is how many were meant. */
export function exitOfGuards(reported: readonly number[], asked: number): number {
  if (reported.some((findings) => findings === 0)) return EXIT.found;
  return reported.length === asked ? EXIT.well : EXIT.refused;
}
