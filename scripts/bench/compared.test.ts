import { expect, test } from "vitest";
import { figuresOf, untilNoneIsBehind, type Round } from "./compared.ts";
import { holds } from "./figures.ts";

test("a round is over when no consumer is behind", async () => {
  const behind = [7, 2, 0, 5];
  await untilNoneIsBehind(async () => behind.shift() ?? 0, "1 merchant", 60_000);
  expect(behind).toEqual([5]);
});

test("consumers that stay behind end the bench by their product's name, since their work would cost nothing", async () => {
  await expect(untilNoneIsBehind(async () => 12, "1,000 merchants", 0)).rejects.toThrow("the consumers of 1,000 merchants were 12 events behind 0 s after the load");
});

const none = { missing: 0, doubled: 0 };
const round = (of: Partial<Round> = {}): Round => ({ perSecond: 1_000, p99: 50, answering: 0.8, consumers: 0.2, judged: { log: none, streams: none }, ...of });

test("each product is held to the first in each round, and what it lost or doubled in any round is told of each", () => {
  const all = figuresOf([
    { name: "1 merchant", rounds: [round(), round({ perSecond: 500, judged: { log: { missing: 2, doubled: 0 }, streams: none } }), round()] },
    { name: "1,000 merchants", rounds: [round({ perSecond: 900 }), round({ perSecond: 400, judged: { log: { missing: 0, doubled: 1 }, streams: { missing: 3, doubled: 4 } } }), round({ perSecond: 700 })] },
  ]);
  expect(all.find(({ name }) => name === "1,000 merchants to 1 merchant: commands")).toMatchObject({ value: 0.8, range: [0.7, 0.9] });
  expect(all.filter(({ loss }) => loss).map((each) => `${each.name}: ${each.value}, ${holds(each) === true ? "holds" : "missed"}`)).toEqual([
    "1 merchant: answered commands not whole in the log: 2, missed",
    "1 merchant: events of answered commands twice in the log: 0, holds",
    "1 merchant: answered commands not whole on Redis: 0, holds",
    "1 merchant: events of answered commands twice on Redis: 0, holds",
    "1,000 merchants: answered commands not whole in the log: 0, holds",
    "1,000 merchants: events of answered commands twice in the log: 1, missed",
    "1,000 merchants: answered commands not whole on Redis: 3, missed",
    "1,000 merchants: events of answered commands twice on Redis: 4, missed",
  ]);
});
