import { z } from "zod";
import { foundRight } from "./checked-once.ts";

type Test = (value: unknown) => boolean;
type Check = z.core.$ZodCheck;

const tests = new WeakMap<z.core.$ZodType, Test>();

/**
 * Whether `schema` finds nothing wrong with `value`. Parsing copies all that it looks at and keeps books on where it is, which is most of what a command on a
 * large bill takes. This only looks, and answers the same; what is wrong with a value is the schema's to say.
 */
export function isRight(schema: z.core.$ZodType, value: unknown): boolean {
  const test = tests.get(schema) ?? testOf(schema) ?? ((one) => z.safeParse(schema, one).success);
  tests.set(schema, test);
  return test(value);
}

/** Undefined when there is something in the schema that is not known here. */
function testOf(schema: z.core.$ZodType): Test | undefined {
  const own = ownTest(schema as z.core.$ZodTypes);
  const more = (schema._zod.def.checks ?? []) as readonly Check[];
  // A text in a format is its own first check.
  const checks = "check" in schema._zod.def ? [schema as unknown as Check, ...more] : more;
  const test = own === undefined || checks.length === 0 ? own : checked(own, checks);
  return test && remembered(schema, test);
}

const SLOTS = 64;

/** Texts are mostly the same few: a bill's lines have one order, two taxes, twelve checks and twenty names. Objects are known by what looked at them once. */
function remembered(schema: z.core.$ZodType, test: Test): Test {
  const right = foundRight(schema);
  if (right) return (value) => typeof value === "object" && value !== null && (right.has(value) || (test(value) && Boolean(right.add(value))));
  if (schema._zod.def.type !== "string" || (schema._zod.def.checks ?? []).length === 0) return test;
  const seen = new Array<unknown>(SLOTS);
  return (value) => {
    if (typeof value !== "string") return test(value);
    // Ids made at one time differ in their last letters.
    const slot = ((value.charCodeAt(value.length - 1) + 7 * value.charCodeAt(value.length - 2) + value.length) | 0) % SLOTS;
    if (seen[slot] === value) return true;
    if (!test(value)) return false;
    seen[slot] = value;
    return true;
  };
}

function checked(own: Test, checks: readonly Check[]): Test {
  // What one makes of the value, such as a trimmed text, is for those that follow.
  if (checks.some(({ _zod }) => _zod.def.check === "overwrite")) return (value) => own(value) && passes(checks, value);
  return checks.map(checkTest).reduce((before, test) => (value) => before(value) && test(value), own);
}

function ownTest(schema: z.core.$ZodTypes): Test | undefined {
  const { def } = schema._zod;
  if ("coerce" in def && def.coerce) return undefined;
  switch (def.type) {
    case "string":
      return (value) => typeof value === "string";
    case "number":
      return Number.isFinite;
    case "boolean":
      return (value) => typeof value === "boolean";
    case "null":
      return (value) => value === null;
    case "enum":
    case "literal": {
      const values: ReadonlySet<unknown> | undefined = schema._zod.values;
      return values && ((value) => values.has(value));
    }
    case "nullable": {
      const inner = testOf(def.innerType);
      return inner && ((value) => value === null || inner(value));
    }
    case "optional":
    case "default": {
      const inner = testOf(def.innerType);
      return inner && ((value) => value === undefined || inner(value));
    }
    case "array": {
      const element = testOf(def.element);
      return element && ((value) => Array.isArray(value) && value.every(element));
    }
    case "object":
      return def.catchall === undefined ? objectTest(def.shape) : undefined;
    case "union": {
      const options = def.options.flatMap((option) => testOf(option) ?? []);
      return def.inclusive === false || options.length < def.options.length ? undefined : (value) => options.some((option) => option(value));
    }
    default:
      return undefined;
  }
}

function objectTest(shape: z.core.$ZodShape): Test | undefined {
  const fields = Object.entries(shape).flatMap(([key, inner]) => {
    const test = testOf(inner);
    return test ? [{ key, test }] : [];
  });
  if (fields.length < Object.keys(shape).length) return undefined;
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    for (const { key, test } of fields) if (!test((value as Readonly<Record<string, unknown>>)[key])) return false;
    return true;
  };
}

/** The checks as they are, on a paper of our own; what there are thousands of goes without. */
function passes(checks: readonly Check[], value: unknown): boolean {
  const payload: z.core.ParsePayload = { value, issues: [] };
  for (const check of checks) {
    const { when } = check._zod.def;
    if (when && !when(payload)) continue;
    if ((check._zod.check as (on: z.core.ParsePayload) => unknown)(payload) instanceof Promise || payload.issues.length > 0) return false;
  }
  return true;
}

const PATTERNS: ReadonlySet<string> = new Set(["regex", "date", "datetime"]);

function checkTest(check: Check): Test {
  const { def } = check._zod as (z.core.$ZodChecks | z.core.$ZodStringFormatTypes)["_zod"];
  if (def.check === "number_format" && def.format === "safeint") return Number.isSafeInteger;
  if (def.check === "string_format" && PATTERNS.has(def.format) && def.pattern && !def.pattern.global && !def.pattern.sticky) {
    const { pattern } = def;
    return (value) => pattern.test(value as string);
  }
  if (def.check === "greater_than" && def.inclusive && typeof def.value === "number") {
    const least = def.value;
    return (value) => (value as number) >= least;
  }
  if (def.check === "less_than" && def.inclusive && typeof def.value === "number") {
    const most = def.value;
    return (value) => (value as number) <= most;
  }
  return (value) => passes([check], value);
}
