import type { z } from "zod";

const found = new WeakMap<z.core.$ZodType, WeakSet<object>>();

/**
 * Objects do not change: what was found right once is right wherever it is named again. For what goes from event to event as it is, such as two hundred
 * lines of a bill that is divided. Whoever parses gets such an object back as it was given.
 */
export function checkedOnce<Schema extends z.ZodType>(schema: Schema): Schema {
  const right = new WeakSet<object>();
  found.set(schema, right);
  const { run } = schema._zod;
  schema._zod.run = (payload, context) => {
    const { value } = payload;
    if (typeof value !== "object" || value === null) return run(payload, context);
    if (right.has(value)) return payload;
    const result = run(payload, context);
    if (!(result instanceof Promise) && result.issues.length === 0) right.add(value);
    return result;
  };
  return schema;
}

/** What of it was found right; undefined for a schema that looks at everything anew. */
export function foundRight(schema: z.core.$ZodType): WeakSet<object> | undefined {
  return found.get(schema);
}
