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

/** So often a card may come to need another room within a second; what changes it is tapped or sent, and seldom twice. */
const CHANGES_A_SECOND = 8;

/** A card whose need followed from its own place would move for ever, and a kitchen would see nothing: it stands still until the second is over. */
export class Restless {
  readonly #changes = new Map<string, { since: number; count: number }>();

  /** Counts one more change of this card. Milliseconds of one clock. */
  is(id: string, now: number): boolean {
    const known = this.#changes.get(id);
    const seen = known && now - known.since < 1000 ? known : { since: now, count: 0 };
    seen.count += 1;
    this.#changes.set(id, seen);
    return seen.count > CHANGES_A_SECOND;
  }
}
