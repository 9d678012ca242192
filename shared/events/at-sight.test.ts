import { expect, test } from "vitest";
import { z } from "zod";
import { isRight } from "./at-sight.ts";
import { EVENTS } from "./catalog.ts";
import { sampleData } from "./testing/sample-data.ts";

const ODD: readonly unknown[] = [undefined, null, "", " x ", "x".repeat(300), "\u0007", "😀".repeat(40), "0", "-1.5", 0, -1.5, 1e18, Number.NaN, true, [], {}, Array.from({ length: 61 }, () => 1)];

/** The data with each of its places made odd in turn, in a few ways: which ones moves on from place to place. */
function* madeOdd(data: unknown, turn: { at: number }): Generator<unknown> {
  for (let i = 0; i < 2; i++) yield ODD[turn.at++ % ODD.length];
  if (typeof data !== "object" || data === null) return;
  for (const [key, inner] of Object.entries(data)) {
    for (const odd of madeOdd(inner, turn)) yield Array.isArray(data) ? data.with(Number(key), odd) : { ...data, [key]: odd };
  }
  if (!Array.isArray(data)) yield { ...data, more: 1 };
}

test("what is looked at is right exactly when its schema takes it, of every type of event", () => {
  const differently: unknown[] = [];
  const turn = { at: 0 };
  for (const { type, schema } of EVENTS) {
    const data = sampleData(schema);
    expect([type, isRight(schema, data)]).toEqual([type, true]);
    for (const odd of madeOdd(data, turn)) if (isRight(schema, odd) !== schema.safeParse(odd).success) differently.push([type, odd]);
  }
  expect(differently).toEqual([]);
});

test("what is not known here is asked of the schema itself", () => {
  const known = z.object({ n: z.number() });
  for (const schema of [z.object({ any: z.record(z.string(), known) }), z.strictObject({ any: z.object({}) }), z.object({ any: z.string().transform((text) => text.length).or(known) }), z.coerce.number(), z.xor([known, z.object({ n: z.int() })])]) {
    for (const value of [{ any: { a: { n: 1 } } }, { any: {} }, { any: {}, more: 1 }, { any: "x" }, "12", "x", { n: 1 }, { n: 1.5 }]) expect(isRight(schema, value)).toBe(schema.safeParse(value).success);
  }
});
