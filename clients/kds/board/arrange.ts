/** A card and the room that it needs, in pixels; more than one column when it is higher than the board. */
export type Card = { readonly id: string; readonly height: number; readonly columns: number };
export type BoardSize = { readonly columns: number; readonly height: number; readonly gap: number };
export type Place = { readonly page: number; readonly column: number; readonly top: number; readonly height: number; readonly columns: number };
export type Places = ReadonlyMap<string, Place>;

export const NO_PLACES: Places = new Map();

/** Oldest first, each where the board is emptiest: across the top, then below. Who does not fit begins the next page, and nobody younger comes before. */
export function tidy(cards: readonly Card[], board: BoardSize): Places {
  return fill(cards.map((card) => onBoard(card, board)), board, new Map());
}

/**
 * Screen rule 11: who is on the board keeps the place. A card that left leaves a gap, a new one comes below the others.
 * Only when that cannot be (a card has grown into the next one, the board has another size, a page before the last is
 * empty) everything moves at once. The same object when nothing changed.
 */
export function keep(before: Places, cards: readonly Card[], board: BoardSize): Places {
  const after = kept(before, cards.map((card) => onBoard(card, board)), board) ?? tidy(cards, board);
  return samePlaces(before, after) ? before : after;
}

/** Whether moving cards is worth it: somebody waits who would have room, a younger card stands before an older one, or nothing is left at the top. Another gap harms nobody. */
export function isWorthTidying(places: Places, cards: readonly Card[], board: BoardSize): boolean {
  if (samePlaces(places, tidy(cards, board))) return false;
  return pageCount(places) > 1 || !isInOrder(places, cards) || ![...places.values()].some(({ top }) => top === 0);
}

function isInOrder(places: Places, cards: readonly Card[]): boolean {
  const inOrder = cards.flatMap(({ id }) => places.get(id) ?? []);
  return inOrder.every((place, at) => {
    const older = inOrder[at - 1];
    return !older || inReadingOrder(older, place) <= 0;
  });
}

function kept(before: Places, cards: readonly Card[], board: BoardSize): Places | null {
  const places = new Map<string, Place>();
  for (const { id, height, columns } of cards) {
    const place = before.get(id);
    if (!place) continue;
    if (place.columns !== columns) return null;
    places.set(id, { ...place, height });
  }
  if (!fits(places, board)) return null;
  fill(cards.filter(({ id }) => !places.has(id)), board, places);
  return hasEmptyPage(places) ? null : places;
}

/** No card is larger than the board; what does not fit scrolls inside it. */
function onBoard({ id, height, columns }: Card, board: BoardSize): Card {
  const wide = Math.min(columns, board.columns);
  return { id, columns: wide, height: wide > 1 ? board.height : Math.min(height, board.height) };
}

function fill(cards: readonly Card[], board: BoardSize, into: Map<string, Place>): Places {
  let page = into.size === 0 ? 0 : pageCount(into) - 1;
  let bottoms = bottomsOf(into, page, board);
  for (const { id, height, columns } of cards) {
    let column = emptiest(bottoms, columns);
    if (roomBelow(bottoms, column, columns, board) < height) {
      page += 1;
      bottoms = bottomsOf(NO_PLACES, page, board);
      column = 0;
    }
    const top = Math.max(...bottoms.slice(column, column + columns));
    into.set(id, { page, column, top, height, columns });
    for (let at = column; at < column + columns; at++) bottoms[at] = top + height + board.gap;
  }
  return into;
}

/** By column, where the next card could begin. */
function bottomsOf(places: Places, page: number, board: BoardSize): number[] {
  const bottoms = Array.from({ length: board.columns }, () => 0);
  for (const place of places.values()) {
    if (place.page !== page) continue;
    for (let at = place.column; at < place.column + place.columns; at++) bottoms[at] = Math.max(bottoms[at] ?? 0, place.top + place.height + board.gap);
  }
  return bottoms;
}

/** The first of the neighbouring columns that together are the emptiest. */
function emptiest(bottoms: readonly number[], columns: number): number {
  let best = 0;
  for (let at = 1; at + columns <= bottoms.length; at++) {
    if (Math.max(...bottoms.slice(at, at + columns)) < Math.max(...bottoms.slice(best, best + columns))) best = at;
  }
  return best;
}

function roomBelow(bottoms: readonly number[], column: number, columns: number, board: BoardSize): number {
  return board.height - Math.max(...bottoms.slice(column, column + columns));
}

function inReadingOrder(a: Place, b: Place): number {
  return a.page - b.page || a.top - b.top || a.column - b.column;
}

function fits(places: Places, board: BoardSize): boolean {
  const all = [...places.values()];
  return all.every((place) => {
    if (place.column + place.columns > board.columns || place.top + place.height > board.height) return false;
    return !all.some((other) => other !== place && collide(place, other, board.gap));
  });
}

function collide(a: Place, b: Place, gap: number): boolean {
  if (a.page !== b.page || a.column >= b.column + b.columns || b.column >= a.column + a.columns) return false;
  return a.top < b.top + b.height + gap && b.top < a.top + a.height + gap;
}

function hasEmptyPage(places: Places): boolean {
  const pages = new Set([...places.values()].map(({ page }) => page));
  return [...pages].some((page) => page >= pages.size);
}

export function samePlaces(a: Places, b: Places): boolean {
  if (a.size !== b.size) return false;
  for (const [id, place] of b) {
    const other = a.get(id);
    if (!other || !samePlace(other, place)) return false;
  }
  return true;
}

function samePlace(a: Place, b: Place): boolean {
  return a.page === b.page && a.column === b.column && a.top === b.top && a.height === b.height && a.columns === b.columns;
}

/** Something on this page stands elsewhere than before, or is new: a finger on its way may hit the wrong thing. */
export function isReflow(before: Places, after: Places, page: number): boolean {
  for (const [id, place] of after) {
    if (place.page !== page) continue;
    const was = before.get(id);
    if (!was || was.page !== place.page || was.column !== place.column || was.top !== place.top) return true;
  }
  return false;
}

export function pageCount(places: Places): number {
  let last = 0;
  for (const { page } of places.values()) last = Math.max(last, page);
  return last + 1;
}

/** In reading order, across and then down: on a tidy board the oldest first. */
export function onPage(places: Places, page: number): readonly string[] {
  return [...places]
    .filter(([, place]) => place.page === page)
    .sort(([, a], [, b]) => inReadingOrder(a, b))
    .map(([id]) => id);
}
