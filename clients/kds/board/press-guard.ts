/** Screen rule 11: what was aimed before the board moved must not hit what stands there now. */
export const SETTLE_MS = 300;

/** A press counts only when it began after the board had stood still. Milliseconds of one clock; null: it never moved. */
export function isSettled(pressedAt: number, reflowedAt: number | null): boolean {
  return reflowedAt === null || pressedAt >= reflowedAt + SETTLE_MS;
}

/** While somebody works, gaps stay; after this long without a touch, or this long at all, they are closed. */
const QUIET_MS = 1500;
const GAP_AT_MOST_MS = 8000;

/** How long to wait with closing gaps. */
export function tidyIn(now: number, touchedAt: number, gapSince: number): number {
  return Math.max(0, Math.min(touchedAt + QUIET_MS, gapSince + GAP_AT_MOST_MS) - now);
}
