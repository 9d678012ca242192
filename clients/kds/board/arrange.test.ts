import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isReflow, keep, NO_PLACES, onPage, pageCount, samePlaces, tidy, type BoardSize, type Card, type Places } from "./arrange.ts";

const board: BoardSize = { columns: 3, height: 100, gap: 10 };
const card = (id: string, height = 40, columns = 1): Card => ({ id, height, columns });
const at = (places: Places) => Object.fromEntries([...places].map(([id, { page, column, top }]) => [id, `${page}.${column}.${top}`]));

describe("oldest first, down and then across", () => {
  test("a column is filled before the next one, and then the next page", () => {
    const places = tidy(["a", "b", "c", "d", "e", "f", "g"].map((id) => card(id)), board);
    expect(at(places)).toEqual({ a: "0.0.0", b: "0.0.50", c: "0.1.0", d: "0.1.50", e: "0.2.0", f: "0.2.50", g: "1.0.0" });
    expect(pageCount(places)).toBe(2);
    expect(onPage(places, 0)).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  test("a ticket higher than the board takes columns of its own", () => {
    const places = tidy([card("a"), card("long", 100, 2), card("b")], board);
    expect(at(places)).toEqual({ a: "0.0.0", long: "0.1.0", b: "1.0.0" });
    expect(places.get("long")).toMatchObject({ columns: 2, height: 100 });
  });

  test("no ticket is larger than the board", () => {
    expect(tidy([card("a", 400), card("b", 100, 9)], { ...board, columns: 1 }).get("b")).toMatchObject({ columns: 1, height: 100, page: 1 });
  });
});

describe("screen rule 11: tickets keep their place", () => {
  const six = ["a", "b", "c", "d", "e", "f"].map((id) => card(id));
  const full = tidy(six, board);

  test("the same tickets are the same object: nothing is rendered", () => {
    expect(keep(full, six, board)).toBe(full);
  });

  test("a bumped ticket leaves a gap, and is no reflow", () => {
    const left = keep(full, six.filter(({ id }) => id !== "a"), board);
    expect(at(left)).toEqual({ b: "0.0.50", c: "0.1.0", d: "0.1.50", e: "0.2.0", f: "0.2.50" });
    expect(isReflow(full, left, 0)).toBe(false);
  });

  test("a new ticket comes after the last one, not into the gap", () => {
    const after = keep(full, [...six.slice(1), card("g")], board);
    expect(at(after)).toMatchObject({ b: "0.0.50", g: "1.0.0" });
    const room = keep(tidy(six.slice(0, 3), board), [...six.slice(1, 3), card("g")], board);
    expect(at(room)).toEqual({ b: "0.0.50", c: "0.1.0", g: "0.1.50" });
    expect(isReflow(full, room, 0)).toBe(true);
  });

  test("one that grows where there is room moves nobody, else all move", () => {
    expect(at(keep(full, [card("a", 40), card("b", 50), ...six.slice(2)], board))).toEqual(at(full));
    const grown = keep(full, [card("a", 60), ...six.slice(1)], board);
    expect(at(grown)).toMatchObject({ a: "0.0.0", b: "0.1.0", c: "0.1.50" });
    expect(isReflow(full, grown, 0)).toBe(true);
  });

  test("a page is not left empty before another", () => {
    const seven = [...six, card("g")];
    const left = keep(tidy(seven, board), [card("g")], board);
    expect(at(left)).toEqual({ g: "0.0.0" });
  });

  test("another size of the board moves all", () => {
    expect(at(keep(full, six, { ...board, columns: 2 }))).toMatchObject({ e: "1.0.0" });
  });

  test("nobody overlaps, all are inside, and it comes to rest, whatever came and left", () => {
    const step = fc.record({ gone: fc.array(fc.nat(20)), come: fc.array(fc.record({ height: fc.integer({ min: 10, max: 130 }), columns: fc.integer({ min: 1, max: 4 }) }), { maxLength: 5 }), grow: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let cards: Card[] = [];
        let places: Places = NO_PLACES;
        let made = 0;
        for (const { gone, come, grow } of steps) {
          cards = [...cards.filter((_, i) => !gone.includes(i)), ...come.map((each) => ({ id: String(made++), ...each }))];
          cards = cards.map((each, i) => (i === grow ? { ...each, height: each.height + 15 } : each));
          places = keep(places, cards, board);
          expect(keep(places, cards, board)).toBe(places);
          expect([...places.keys()].sort()).toEqual(cards.map(({ id }) => id).sort());
          const all = [...places.values()];
          for (const place of all) {
            expect(place.column + place.columns).toBeLessThanOrEqual(board.columns);
            expect(place.top + place.height).toBeLessThanOrEqual(board.height);
            const clashes = all.filter((other) => other !== place && other.page === place.page && other.column < place.column + place.columns && place.column < other.column + other.columns && other.top < place.top + place.height && place.top < other.top + other.height);
            expect(clashes).toEqual([]);
          }
        }
        const closed = tidy(cards, board);
        expect(samePlaces(keep(closed, cards, board), closed)).toBe(true);
      }),
    );
  });
});
