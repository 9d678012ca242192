import { expect, test } from "vitest";
import { CONSUMER_GROUPS } from "#shared/consumers.ts";
import { CONSUMERS } from "./registry.ts";
import { isComparable } from "./runner/types.ts";

test("what operators may ask of a consumer is what it can do", () => {
  const able = CONSUMERS.map((consumer) => [consumer.group, { rebuild: consumer.policy.rebuildable === true, replay: consumer.policy.replayable, compare: isComparable(consumer) }]);
  expect(Object.fromEntries(able)).toEqual(CONSUMER_GROUPS);
});
