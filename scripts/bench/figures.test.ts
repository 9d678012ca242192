import { expect, test } from "vitest";
import { figure, holds, lineOf, losses, lossesAmong, median, percentile } from "./figures.ts";

test("a percentile is the value below which so many of the samples lie, in whatever order they came", () => {
  const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(samples, 0.5)).toBe(51);
  expect(percentile(samples, 0.99)).toBe(100);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("a median lies in the middle: of an even number between the two that do", () => {
  expect([median([3, 1, 2]), median([13_778, 11_892]), median([4, 1, 9, 2])]).toEqual([2, 12_835, 3]);
  expect(median([])).toBeNaN();
});

test("a round that was not measured leaves no median and no percentile of the others, wherever it stood", () => {
  for (const rounds of [[Number.NaN, 1, 2], [1, Number.NaN, 2], [1, 2, Number.NaN]]) {
    expect([median(rounds), percentile(rounds, 0.5), percentile(rounds, 0)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(holds(figure("CPU", "x", rounds, { atMost: 1.2 }))).toBe(false);
  }
});

test("a figure is the median of its rounds, with the lowest and the highest", () => {
  expect(figure("taps", "/s", [5, 9, 7, 8, 6], { atLeast: 7 })).toEqual({ name: "taps", unit: "/s", value: 7, range: [5, 9], rounds: 5, aim: { atLeast: 7 } });
});

test("an aim holds at its own value, is missed past it, and is missed by what was not measured", () => {
  const of = (value: number, aim?: { atLeast: number } | { atMost: number }) => holds(figure("x", "ms", [value], aim));
  expect([of(40, { atMost: 40 }), of(40.1, { atMost: 40 }), of(0.8, { atLeast: 0.8 }), of(0.79, { atLeast: 0.8 })]).toEqual([true, false, true, false]);
  expect(of(Number.NaN, { atMost: 40 })).toBe(false);
  expect(of(1)).toBeUndefined();
});

test("what was lost in one round of five is a loss of all, though their median is none", () => {
  expect(losses("frames not seen", [0, 0, 3, 0, 1])).toEqual({ name: "frames not seen", unit: "", value: 4, range: [4, 4], rounds: 1, aim: { atMost: 0 }, loss: true });
  expect([losses("x", [0, 0]), losses("x", [0, 1]), losses("x", [0, Number.NaN]), losses("x", [])].map(holds)).toEqual([true, false, false, false]);
});

test("losses are named with their benches; a speed that misses its aim is none", () => {
  const slow = figure("tap to screen, p99", "ms", [90], { atMost: 40 });
  expect(lossesAmong([{ bench: "screens", figures: [slow, losses("frames not seen", [0])] }, { bench: "soak", figures: [] }])).toBeUndefined();
  const lost = [
    { bench: "screens", figures: [slow, losses("frames not seen", [0, 2]), losses("frames seen more than once", [0])] },
    { bench: "kitchen", figures: [losses("orders without a slip", [1])] },
  ];
  expect(lossesAmong(lost)).toBe("Something was lost or happened twice: frames not seen (screens): 2; orders without a slip (kitchen): 1.");
});

test("a line tells the median, the range, the aim and whether it holds", () => {
  expect(lineOf(figure("tap to screen, p99", "ms", [10, 12.345, 300], { atMost: 10 }))).toMatch(/^tap to screen, p99 +12\.35 ms +\(10\.00 to 300, of 3\) +aim at most 10 ms: MISSED$/);
  expect(lineOf(figure("commands", "/s", [1000, 1000, 1000]))).toMatch(/^commands +1000 \/s +\(1000 to 1000, of 3\)$/);
});
