import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { EVENTS } from "./catalog.ts";

const FIXTURE = new URL("./schema-hashes.json", import.meta.url);
/** `UPDATE_SCHEMA_HASHES=1` writes the hashes of new types and new versions; what was released is never rewritten. */
const UPDATE = process.env["UPDATE_SCHEMA_HASHES"] === "1";

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

function hashOf(schema: z.ZodType): string {
  return createHash("sha256").update(canonical(z.toJSONSchema(schema, { io: "input" }))).digest("hex").slice(0, 16);
}

const now = Object.fromEntries(EVENTS.map((event) => [`${event.type} v${event.version}`, hashOf(event.schema)]));
const released = JSON.parse(readFileSync(FIXTURE, "utf8")) as Record<string, string>;

describe("the catalogue of events", () => {
  test("names every type once, as {domain}.{entity}.{action}", () => {
    const types = EVENTS.map((event) => event.type);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) expect(type).toMatch(/^[a-z]+(\.[a-z-]+)?\.[a-zA-Z]+(\.v\d+)?$/);
  });

  test("a schema that changes says so by its version: raise it in the family's file, then run with UPDATE_SCHEMA_HASHES=1", () => {
    if (UPDATE) {
      const all = { ...now, ...released };
      writeFileSync(FIXTURE, `${JSON.stringify(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`);
      return;
    }
    const changed = Object.entries(now).filter(([key, hash]) => released[key] !== hash);
    expect(Object.fromEntries(changed)).toEqual({});
  });
});
