import type { z } from "zod";

/** Turns data of one version into data of the next. Pure, and kept for ever: the log keeps what it was given. */
export type Upcaster = (data: unknown) => unknown;

/** One event type of the log: its name, the version of its data, and the schema that both ends validate with. */
export type EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> = {
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
  /** The first reads version 1, the last gives this version. */
  readonly upcasters: readonly Upcaster[];
};

/** A version above 1 names an upcaster for each version before it. */
export function event<Type extends string, Schema extends z.ZodType>(type: Type, version: number, schema: Schema, upcasters: readonly Upcaster[] = []): EventDefinition<Type, Schema> {
  if (upcasters.length !== version - 1) throw new Error(`${type} v${version} needs ${version - 1} upcasters, and has ${upcasters.length}`);
  return { type, version, schema, upcasters };
}

/** The union of `{ type, data }` over a family of definitions. */
export type EventOf<Family extends readonly EventDefinition[]> = {
  [K in keyof Family]: Family[K] extends EventDefinition<infer Type, infer Schema> ? { readonly type: Type; readonly data: z.infer<Schema> } : never;
}[number];
