import type { BoardSize, Card } from "./arrange.ts";

/** What a card was measured to need, in pixels: head and foot, its lines together, the highest of its lines. */
export type Measured = { readonly fixed: number; readonly flow: number; readonly tallest: number };

/** Heights are rounded up to this, so that a pixel more or less moves nobody. */
const STEP = 4;

/** A card higher than the board flows into columns of which each may waste less than one line. */
export function cardOf(id: string, { fixed, flow, tallest }: Measured, board: BoardSize): Card {
  const natural = Math.ceil((fixed + flow) / STEP) * STEP;
  if (natural <= board.height) return { id, height: natural, columns: 1 };
  const usable = Math.max(tallest, board.height - fixed - tallest, 1);
  return { id, height: board.height, columns: Math.max(2, Math.ceil(flow / usable)) };
}

export function sameNeed(a: Measured | undefined, b: Measured): boolean {
  return a !== undefined && a.fixed === b.fixed && a.flow === b.flow && a.tallest === b.tallest;
}
