import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { EVENTS } from "./catalog.ts";
import type { Envelope } from "./envelope.ts";
import { readEvent } from "./read.ts";
import { otherSamples, sampleData } from "./testing/sample-data.ts";

const HASHES = new URL("./schema-hashes.json", import.meta.url);
/** One event's data of every version that ever was. */
const FIXTURES = new URL("./fixtures.json", import.meta.url);
/** And of each that has alternatives, so many more that every alternative is in one. */
const OTHERS = new URL("./fixtures-of-alternatives.json", import.meta.url);
/** `UPDATE_SCHEMA_HASHES=1` writes the hashes and fixtures of new types and new versions; what was released is never rewritten. */
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
const released = JSON.parse(readFileSync(HASHES, "utf8")) as Record<string, string>;
const kept = <Entry>(file: URL) => (existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Entry>) : {});
const fixtures = kept<unknown>(FIXTURES);
const others = kept<readonly unknown[]>(OTHERS);

function write(file: URL, entries: Readonly<Record<string, unknown>>): void {
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1))), null, 1)}\n`);
}

describe("the catalogue of events", () => {
  test("names every type once, as {domain}.{entity}.{action}", () => {
    const types = EVENTS.map((event) => event.type);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) expect(type).toMatch(/^[a-z]+(\.[a-z-]+)?\.[a-zA-Z]+(\.v\d+)?$/);
  });

  test("issue 3: names what happens to checks and orders exactly so", () => {
    const types = new Set<string>(EVENTS.map((event) => event.type));
    const names = [...["created", "updated", "merged", "rolledBack", "paid"].map((action) => `sale.check.${action}`), ...["merged", "mergeRolledBack", "split"].map((action) => `sale.order.${action}`)];
    expect(names.filter((name) => !types.has(name))).toEqual([]);
  });

  test("a schema that changes says so by its version: raise it in the family's file, then run with UPDATE_SCHEMA_HASHES=1", () => {
    if (UPDATE) {
      // A hash that was taken out of the file is of a schema that was changed before it was released: so is its fixture.
      const fresh = EVENTS.filter(({ type, version }) => released[`${type} v${version}`] === undefined || fixtures[`${type} v${version}`] === undefined);
      const more = EVENTS.map(({ type, version, schema }) => [`${type} v${version}`, otherSamples(schema)] as const).filter(([name, samples]) => samples.length > 0 && (released[name] === undefined || others[name] === undefined));
      write(OTHERS, { ...others, ...Object.fromEntries(more) });
      write(FIXTURES, { ...fixtures, ...Object.fromEntries(fresh.map(({ type, version, schema }) => [`${type} v${version}`, sampleData(schema)])) });
      write(HASHES, { ...now, ...released });
      return;
    }
    const changed = Object.entries(now).filter(([key, hash]) => released[key] !== hash);
    expect(Object.fromEntries(changed)).toEqual({});
  });

  test("every alternative of a type is kept, both kinds of report for one", () => {
    if (UPDATE) return;
    const missing = EVENTS.filter(({ type, version, schema }) => otherSamples(schema).length > (others[`${type} v${version}`]?.length ?? 0)).map(({ type }) => type);
    expect(missing).toEqual([]);
    const name = "cash.report.made v1";
    const scopes = [fixtures[name], ...(others[name] ?? [])].map((data) => (data as { report: { scope: string } }).report.scope);
    expect(new Set(scopes)).toEqual(new Set(["drawer", "day"]));
  });

  test("every version of every type that ever was is read, for ever", () => {
    if (UPDATE) return;
    expect(Object.keys(fixtures)).toEqual(Object.keys(released));
    expect(Object.keys(others).filter((name) => released[name] === undefined)).toEqual([]);
    const all = [...Object.entries(fixtures), ...Object.entries(others).flatMap(([name, samples]) => samples.map((data) => [name, data] as const))];
    for (const [name, data] of all) {
      const [type = "", version = ""] = name.split(" v");
      const read = readEvent({ type, data, dataversion: Number(version) } as Envelope);
      expect([name, read]).toEqual([name, expect.objectContaining({ type, dataversion: EVENTS.find((event) => event.type === type)?.version })]);
    }
  });
});
