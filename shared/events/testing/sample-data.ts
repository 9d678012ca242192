import { z } from "zod";
import { ID_PREFIXES } from "#shared/ids.ts";

type JsonSchema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
};

/** Tried in turn for a text with a pattern. */
const WORDS = ["450", "1", "Europe/Rome", "EUR", "#112233", "04:00", "0.1", "1010", "2026-11-20T19:00:00.000Z", "2026-11-20", "en-GB", "terminal-1", "sale", "A-1", "a".repeat(64), "A".repeat(16), "0000-0000-0000-0000"];
const IDS = Object.values(ID_PREFIXES).map((prefix) => `${prefix}_01JD0000000000000000000001`);

/** Data that a schema takes, with every optional field; the same at every call. */
export function sampleData(schema: z.ZodType): unknown {
  const data = sample(z.toJSONSchema(schema, { io: "input" }) as JsonSchema);
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new Error(`${JSON.stringify(data)} is no sample: ${parsed.error.message}`);
  return data;
}

/** More of them, so that every alternative of each union is in one: the other kind of report, the id that is null. */
export function otherSamples(schema: z.ZodType): readonly unknown[] {
  const json = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  const texts = new Set([JSON.stringify(sample(json))]);
  for (let nth = 1; nth < widestUnion(json); nth++) {
    const data = sample(json, nth);
    if (schema.safeParse(data).success) texts.add(JSON.stringify(data));
  }
  return [...texts].slice(1).map((text) => JSON.parse(text) as unknown);
}

function widestUnion(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = ["anyOf", "oneOf"].map((key) => (value as Readonly<Record<string, unknown>>)[key]).map((all) => (Array.isArray(all) ? all.length : 0));
  return Math.max(...own, ...Object.values(value).map(widestUnion));
}

/** `nth`: of a union's alternatives, or the last; null comes after the others. */
function sample(schema: JsonSchema, nth = 0): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) {
    const ordered = [...alternatives.filter(({ type }) => type !== "null"), ...alternatives.filter(({ type }) => type === "null")];
    return sample(ordered[Math.min(nth, ordered.length - 1)] ?? {}, nth);
  }
  switch (schema.type) {
    case "object":
      return sampleObject(schema, nth);
    case "array":
      return schema.prefixItems?.map((item) => sample(item, nth)) ?? (schema.items === undefined ? [] : Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sample(schema.items ?? {}, nth)));
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    case "string":
      return sampleText(schema);
    default:
      return null;
  }
}

function sampleObject({ properties = {}, additionalProperties, propertyNames }: JsonSchema, nth: number): unknown {
  const own = Object.entries(properties).map(([key, inner]) => [key, sample(inner, nth)] as const);
  if (own.length > 0 || typeof additionalProperties !== "object") return Object.fromEntries(own);
  return { [String(propertyNames === undefined ? "one" : sample(propertyNames))]: sample(additionalProperties, nth) };
}

function sampleText({ pattern, allOf = [], format, minLength = 0 }: JsonSchema): string {
  if (format === "date-time") return "2026-11-20T19:00:00.000Z";
  if (format === "date") return "2026-11-20";
  const patterns = [pattern, ...allOf.map((one) => one.pattern)].flatMap((one) => (one === undefined ? [] : [new RegExp(one, "u")]));
  if (patterns.length === 0) return "x".repeat(Math.max(1, minLength));
  const word = [...IDS, ...WORDS, "01JD0000000000000000000001"].find((one) => patterns.every((each) => each.test(one)) && one.length >= minLength);
  if (word === undefined) throw new Error(`no word for ${patterns.map(String).join(" and ")}`);
  return word;
}
