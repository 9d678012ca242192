import { expect, test } from "vitest";
import { createStateCache } from "./state-cache.ts";
import type { LoadedState } from "./types.ts";

const tenant = { organizerId: "org_1", merchantId: "mer_1" };

function state(stream: string, parts = 0): LoadedState {
  return { stream, kind: "order", version: 1, evolveVersion: 1, head: {}, parts: new Map(Array.from({ length: parts }, (_, i) => [`p${i}`, i])) };
}

test("LOG-5: gives what its tenant put there, to no other, until it is dropped", () => {
  const cache = createStateCache();
  cache.put(tenant, state("a"));
  expect(cache.get(tenant, "a")).toEqual(state("a"));
  expect(cache.get({ organizerId: "org_1", merchantId: "mer_2" }, "a")).toBeUndefined();
  expect(cache.get({ organizerId: "org_1" }, "a")).toBeUndefined();
  cache.drop("a");
  expect(cache.get(tenant, "a")).toBeUndefined();
});

test("is bounded by parts, and the least recently used goes first", () => {
  const cache = createStateCache({ parts: 12 });
  for (const stream of ["a", "b", "c"]) cache.put(tenant, state(stream, 3));
  cache.get(tenant, "a");
  cache.put(tenant, state("d", 3));
  expect(["a", "b", "c", "d"].map((stream) => cache.get(tenant, stream) !== undefined)).toEqual([true, false, true, true]);
  cache.put(tenant, state("a", 1));
  cache.put(tenant, state("huge", 100));
  expect(cache.size).toBe(0);
});
