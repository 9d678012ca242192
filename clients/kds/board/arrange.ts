/** A card and the room that it needs, in pixels; more than one column when it is higher than the board. */
export type Card = { readonly id: string; readonly height: number; readonly columns: number };
export type BoardSize = { readonly columns: number; readonly height: number; readonly gap: number };
export type Place = { readonly page: number; readonly column: number; readonly top: number; readonly height: number; readonly columns: number };
export type Places = ReadonlyMap<string, Place>;

export const NO_PLACES: Places = new Map();

type Spot = { readonly page: number; readonly column: number; readonly top: number };
const START: Spot = { page: 0, column: 0, top: 0 };

/** Down a column, then the next one, then the next page: oldest first without a gap. */
export function tidy(cards: readonly Card[], board: BoardSize): Places {
  return fill(cards.map((card) => onBoard(card, board)), board, START, new Map());
}

/**
 * Screen rule 11: who is on the board keeps the place. A card that left leaves a gap, a new one comes after the last.
 * Only when that cannot be (a card has grown into the next one, the board has another size, a page before the last is
 * empty) everything moves at once. The same object when nothing changed.
 */
export function keep(before: Places, cards: readonly Card[], board: BoardSize): Places {
  const after = kept(before, cards.map((card) => onBoard(card, board)), board) ?? tidy(cards, board);
  return samePlaces(before, after) ? before : after;
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
  fill(cards.filter(({ id }) => !places.has(id)), board, endOf(places, board), places);
  return hasEmptyPage(places) ? null : places;
}

/** No card is larger than the board; what does not fit scrolls inside it. */
function onBoard({ id, height, columns }: Card, board: BoardSize): Card {
  const wide = Math.min(columns, board.columns);
  return { id, columns: wide, height: wide > 1 ? board.height : Math.min(height, board.height) };
}

function fill(cards: readonly Card[], board: BoardSize, from: Spot, into: Map<string, Place>): Places {
  let { page, column, top } = from;
  for (const { id, height, columns } of cards) {
    if (top > 0 && (columns > 1 || top + height > board.height)) [column, top] = [column + 1, 0];
    if (column + columns > board.columns) [page, column, top] = [page + 1, 0, 0];
    into.set(id, { page, column, top, height, columns });
    if (columns > 1) [column, top] = [column + columns, 0];
    else top += height + board.gap;
  }
  return into;
}

/** Where the next card goes: below the last one of the last column of the last page. */
function endOf(places: Places, board: BoardSize): Spot {
  let last: Place | undefined;
  for (const place of places.values()) if (!last || comesAfter(place, last)) last = place;
  if (!last) return START;
  if (last.columns > 1) return { page: last.page, column: last.column + last.columns, top: 0 };
  return { page: last.page, column: last.column, top: last.top + last.height + board.gap };
}

function comesAfter(a: Place, b: Place): boolean {
  return (a.page - b.page || a.column - b.column || a.top - b.top) > 0;
}

function fits(places: Places, board: BoardSize): boolean {
  const inOrder = [...places.values()].sort((a, b) => (comesAfter(a, b) ? 1 : -1));
  return inOrder.every((place, at) => {
    if (place.column + place.columns > board.columns || place.top + place.height > board.height) return false;
    const before = inOrder[at - 1];
    return !before || before.page !== place.page || before.column !== place.column || before.top + before.height + board.gap <= place.top;
  });
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

/** In reading order: down a column, then the next. */
export function onPage(places: Places, page: number): readonly string[] {
  return [...places]
    .filter(([, place]) => place.page === page)
    .sort(([, a], [, b]) => (comesAfter(a, b) ? 1 : -1))
    .map(([id]) => id);
}
