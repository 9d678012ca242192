import { expect, test } from "vitest";
import { CONSUMER_GROUPS } from "#shared/consumers.ts";
import { CONSUMERS } from "./registry.ts";

test("what operators may ask of a consumer is what it can do", () => {
  const able = CONSUMERS.map(({ group, policy }) => [group, { rebuild: policy.rebuildable === true, replay: policy.replayable }]);
  expect(Object.fromEntries(able)).toEqual(CONSUMER_GROUPS);
});
