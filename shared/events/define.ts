import type { z } from "zod";

/** One event type of the log: its name, the version of its data, and the schema that both ends validate with. */
export type EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> = {
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
};

export function event<Type extends string, Schema extends z.ZodType>(type: Type, version: number, schema: Schema): EventDefinition<Type, Schema> {
  return { type, version, schema };
}

/** The union of `{ type, data }` over a family of definitions. */
export type EventOf<Family extends readonly EventDefinition[]> = {
  [K in keyof Family]: Family[K] extends EventDefinition<infer Type, infer Schema> ? { readonly type: Type; readonly data: z.infer<Schema> } : never;
}[number];
