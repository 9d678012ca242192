import { expect, test } from "vitest";
import { untilNoneIsBehind } from "./compared.ts";

test("a round is over when no consumer is behind", async () => {
  const behind = [7, 2, 0, 5];
  await untilNoneIsBehind(async () => behind.shift() ?? 0, "1 merchant", 60_000);
  expect(behind).toEqual([5]);
});

test("consumers that stay behind end the bench by their product's name, since their work would cost nothing", async () => {
  await expect(untilNoneIsBehind(async () => 12, "1,000 merchants", 0)).rejects.toThrow("the consumers of 1,000 merchants were 12 events behind 0 s after the load");
});
