import { onPage, type Place, type Places } from "./arrange.ts";

export type Direction = "up" | "down" | "left" | "right";

/** The card that an arrow key leads to; the same one at the edge, the first one when none is selected. */
export function neighbour(places: Places, page: number, from: string | null, direction: Direction): string | null {
  const shown = onPage(places, page);
  const at = from === null ? undefined : places.get(from);
  if (from === null || !at || at.page !== page) return shown[0] ?? null;
  const others = shown.flatMap((id) => {
    const place = places.get(id);
    return place && id !== from ? [{ id, place }] : [];
  });
  const ahead = others.filter(({ place }) => isAhead(place, at, direction));
  const nearest = ahead.reduce<{ id: string; place: Place } | null>((best, each) => (best === null || distance(each.place, at, direction) < distance(best.place, at, direction) ? each : best), null);
  return nearest?.id ?? from;
}

function isAhead(place: Place, from: Place, direction: Direction): boolean {
  if (direction === "up") return place.column === from.column && place.top < from.top;
  if (direction === "down") return place.column === from.column && place.top > from.top;
  return direction === "left" ? place.column < from.column : place.column > from.column;
}

/** Sideways the next column wins, however far down its card is. */
function distance(place: Place, from: Place, direction: Direction): number {
  const down = Math.abs(middle(place) - middle(from));
  return direction === "up" || direction === "down" ? down : Math.abs(place.column - from.column) * 1e6 + down;
}

function middle(place: Place): number {
  return place.top + place.height / 2;
}
