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
  return sampleAlternatives(ids).filter(({ path }, i, all) => path !== all[i - 1]?.path);
}

/** With so many inputs of each procedure that every alternative of what it takes is in one of them; the plainest comes first. */
export function sampleAlternatives(ids: Ids): readonly Sampled[] {
  const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, { _def: { type: "query" | "mutation"; inputs: readonly z.ZodType[] } }>>;
  return Object.entries(procedures).flatMap(([path, { _def }]): readonly Sampled[] => {
    const [schema] = _def.inputs;
    if (schema === undefined) return [{ path, type: _def.type, schema, input: undefined }];
    return samples(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema, ids).map((input) => {
      const parsed = schema.safeParse(input);
      if (!parsed.success) throw new Error(`${path} does not take its sample ${JSON.stringify(input)}: ${parsed.error.message}`);
      return { path, type: _def.type, schema, input };
    });
  });
}

/** At least one; what has no alternatives is as in the first in all others. */
function samples(schema: JsonSchema, ids: Ids): readonly unknown[] {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum !== undefined) return [schema.enum[0]];
  const alternatives = (schema.anyOf ?? schema.oneOf)?.filter(({ type }) => type !== "null");
  if (alternatives !== undefined) return alternatives.length === 0 ? [null] : alternatives.flatMap((one) => samples(one, ids));
  switch (schema.type) {
    case "object": {
      const fields = Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, samples(inner, ids)] as const);
      const first = Object.fromEntries(fields.map(([key, [plain]]) => [key, plain]));
      return [first, ...fields.flatMap(([key, [, ...others]]) => others.map((other) => ({ ...first, [key]: other })))];
    }
    case "array":
      return schema.items === undefined ? [[]] : samples(schema.items, ids).map((one) => [one]);
    case "integer":
    case "number":
      return [Math.max(1, schema.minimum ?? 1)];
    case "boolean":
      return [true];
    case "string":
      return [sampleText(schema, ids)];
    default:
      return [null];
  }
}

function sampleText(schema: JsonSchema, ids: Ids): string {
  const patterns = [schema.pattern, ...(schema.allOf ?? []).map(({ pattern }) => pattern)].flatMap((pattern) => (pattern === undefined ? [] : [new RegExp(pattern, "u")]));
  const word = [...Object.values(ids), ...WORDS].find((one) => patterns.every((pattern) => pattern.test(one)) && one.length >= (schema.minLength ?? 0));
  return patterns.length === 0 ? "x".repeat(Math.max(1, schema.minLength ?? 1)) : (word ?? "x");
}
