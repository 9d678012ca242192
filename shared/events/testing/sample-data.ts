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

function sample(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return sample(alternatives.find(({ type }) => type !== "null") ?? {});
  switch (schema.type) {
    case "object":
      return sampleObject(schema);
    case "array":
      return schema.prefixItems?.map(sample) ?? (schema.items === undefined ? [] : Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sample(schema.items ?? {})));
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

function sampleObject({ properties = {}, additionalProperties, propertyNames }: JsonSchema): unknown {
  const own = Object.entries(properties).map(([key, inner]) => [key, sample(inner)] as const);
  if (own.length > 0 || typeof additionalProperties !== "object") return Object.fromEntries(own);
  return { [String(propertyNames === undefined ? "one" : sample(propertyNames))]: sample(additionalProperties) };
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
