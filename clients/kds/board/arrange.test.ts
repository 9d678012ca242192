import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isReflow, isWorthTidying, keep, NO_PLACES, onPage, pageCount, samePlaces, tidy, type BoardSize, type Card, type Places } from "./arrange.ts";

const board: BoardSize = { columns: 3, height: 100, gap: 10 };
const card = (id: string, height = 40, columns = 1): Card => ({ id, height, columns });
const cards = (ids: string) => [...ids].map((id) => card(id));
const at = (places: Places) => Object.fromEntries([...places].map(([id, { page, column, top }]) => [id, `${page}.${column}.${top}`]));

describe("oldest first", () => {
  test("across the top, then below, then the next page", () => {
    const places = tidy(cards("abcdefg"), board);
    expect(at(places)).toEqual({ a: "0.0.0", b: "0.1.0", c: "0.2.0", d: "0.0.50", e: "0.1.50", f: "0.2.50", g: "1.0.0" });
    expect(pageCount(places)).toBe(2);
    expect(onPage(places, 0)).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  test("below the shortest", () => {
    expect(at(tidy([card("a", 70), card("b", 20), card("c", 50), card("d", 30), card("e", 30)], board))).toMatchObject({ d: "0.1.30", e: "0.2.60" });
  });

  test("nobody younger comes before one who does not fit", () => {
    expect(at(tidy([card("a", 70), card("b", 60), card("c", 50), card("d", 60), card("e", 10)], board))).toMatchObject({ d: "1.0.0", e: "1.1.0" });
  });

  test("a ticket higher than the board takes columns of its own", () => {
    const places = tidy([card("a"), card("long", 100, 2), card("b")], board);
    expect(at(places)).toEqual({ a: "0.0.0", long: "0.1.0", b: "0.0.50" });
    expect(places.get("long")).toMatchObject({ columns: 2, height: 100 });
    expect(at(tidy([card("a"), card("b"), card("long", 100, 2)], board))).toMatchObject({ long: "1.0.0" });
  });

  test("no ticket is larger than the board", () => {
    expect(tidy([card("a", 400), card("b", 100, 9)], { ...board, columns: 1 }).get("b")).toMatchObject({ columns: 1, height: 100, page: 1 });
  });
});

describe("screen rule 11: tickets keep their place", () => {
  const six = cards("abcdef");
  const full = tidy(six, board);

  test("the same tickets are the same object: nothing is rendered", () => {
    expect(keep(full, six, board)).toBe(full);
  });

  test("a bumped ticket leaves a gap, is no reflow, and nobody moves for it", () => {
    const rest = cards("bcdef");
    const left = keep(full, rest, board);
    expect(at(left)).toEqual({ b: "0.1.0", c: "0.2.0", d: "0.0.50", e: "0.1.50", f: "0.2.50" });
    expect(isReflow(full, left, 0)).toBe(false);
    expect(isWorthTidying(left, rest, board)).toBe(false);
  });

  test("a new ticket comes below the others, and moves nobody", () => {
    const four = tidy(cards("abcd"), board);
    const after = keep(four, cards("bcde"), board);
    expect(at(after)).toEqual({ b: "0.1.0", c: "0.2.0", d: "0.0.50", e: "0.1.50" });
    expect(isReflow(four, after, 0)).toBe(true);
  });

  test("gaps are worth closing when somebody waits on another page", () => {
    const seven = tidy(cards("abcdefg"), board);
    const left = keep(seven, cards("bcdefg"), board);
    expect(at(left)).toMatchObject({ g: "1.0.0" });
    expect(isWorthTidying(left, cards("bcdefg"), board)).toBe(true);
    expect(isWorthTidying(seven, cards("abcdefg"), board)).toBe(false);
  });

  test("and when a new one has come into an empty column, before older ones", () => {
    const left = keep(full, cards("bcef"), board);
    const come = keep(left, cards("bcefg"), board);
    expect(at(come)).toMatchObject({ g: "0.0.0" });
    expect(isWorthTidying(come, cards("bcefg"), board)).toBe(true);
  });

  test("and when nothing is left at the top", () => {
    expect(isWorthTidying(keep(full, cards("cdef"), board), cards("cdef"), board)).toBe(false);
    expect(isWorthTidying(keep(full, cards("def"), board), cards("def"), board)).toBe(true);
  });

  test("one that grows where there is room moves nobody, else all move", () => {
    expect(at(keep(full, [card("a"), card("b"), card("c"), card("d", 50), card("e"), card("f")], board))).toEqual(at(full));
    const grown = keep(full, [card("a", 60), ...six.slice(1)], board);
    expect(at(grown)).toMatchObject({ a: "0.0.0", d: "0.1.50", f: "1.0.0" });
    expect(isReflow(full, grown, 0)).toBe(true);
  });

  test("a page is not left empty before another", () => {
    expect(at(keep(tidy(cards("abcdefg"), board), cards("g"), board))).toEqual({ g: "0.0.0" });
  });

  test("another size of the board moves all", () => {
    expect(at(keep(full, six, { ...board, columns: 2 }))).toMatchObject({ e: "1.0.0" });
  });

  test("nobody overlaps, all are inside, and it comes to rest, whatever came and left", () => {
    const step = fc.record({ gone: fc.array(fc.nat(20)), come: fc.array(fc.record({ height: fc.integer({ min: 10, max: 130 }), columns: fc.integer({ min: 1, max: 4 }) }), { maxLength: 5 }), grow: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let now: Card[] = [];
        let places: Places = NO_PLACES;
        let made = 0;
        for (const { gone, come, grow } of steps) {
          now = [...now.filter((_, i) => !gone.includes(i)), ...come.map((each) => ({ id: String(made++), ...each }))];
          now = now.map((each, i) => (i === grow ? { ...each, height: each.height + 15 } : each));
          places = keep(places, now, board);
          expect(keep(places, now, board)).toBe(places);
          expect([...places.keys()].sort()).toEqual(now.map(({ id }) => id).sort());
          const all = [...places.values()];
          for (const place of all) {
            expect(place.column + place.columns).toBeLessThanOrEqual(board.columns);
            expect(place.top + place.height).toBeLessThanOrEqual(board.height);
            const clashes = all.filter((other) => other !== place && other.page === place.page && other.column < place.column + place.columns && place.column < other.column + other.columns && other.top < place.top + place.height && place.top < other.top + other.height);
            expect(clashes).toEqual([]);
          }
        }
        const closed = tidy(now, board);
        expect(isWorthTidying(closed, now, board)).toBe(false);
        expect(samePlaces(keep(closed, now, board), closed)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
