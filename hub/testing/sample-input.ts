import { z } from "zod";
import { appRouter } from "#hub/api/router.ts";

type JsonSchema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
};
export type Sampled = { readonly path: string; readonly type: "query" | "mutation"; readonly schema: z.ZodType | undefined; readonly input: unknown };
/** Ids by the prefix of their kind; `""` is a bare ULID. */
export type Ids = Readonly<Record<string, string>>;

const WORDS = ["450", "2026-11-20~2026-11-20 10:00:00+00~chk/sale~0", "1", "Europe/Rome", "EUR", "#112233", "04:00", "en-GB", "0.1", "all", "127.0.0.1", "1234", "2026-11-20T10:00:00.000Z", "2026-11-20", "x"];

/** Every procedure of the API with an input that its schema takes, made of the given ids. */
export function sampleInputs(ids: Ids): readonly Sampled[] {
  const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, { _def: { type: "query" | "mutation"; inputs: readonly z.ZodType[] } }>>;
  return Object.entries(procedures).map(([path, { _def }]) => {
    const [schema] = _def.inputs;
    if (schema === undefined) return { path, type: _def.type, schema, input: undefined };
    const input = sample(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema, ids);
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new Error(`${path} does not take its sample ${JSON.stringify(input)}: ${parsed.error.message}`);
    return { path, type: _def.type, schema, input };
  });
}

function sample(schema: JsonSchema, ids: Ids): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return sample(alternatives.find(({ type }) => type !== "null") ?? {}, ids);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, sample(inner, ids)]));
    case "array":
      return schema.items === undefined ? [] : [sample(schema.items, ids)];
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    case "string":
      return sampleText(schema, ids);
    default:
      return null;
  }
}

function sampleText(schema: JsonSchema, ids: Ids): string {
  const patterns = [schema.pattern, ...(schema.allOf ?? []).map(({ pattern }) => pattern)].flatMap((pattern) => (pattern === undefined ? [] : [new RegExp(pattern, "u")]));
  const word = [...Object.values(ids), ...WORDS].find((one) => patterns.every((pattern) => pattern.test(one)) && one.length >= (schema.minLength ?? 0));
  return patterns.length === 0 ? "x".repeat(Math.max(1, schema.minLength ?? 1)) : (word ?? "x");
}
