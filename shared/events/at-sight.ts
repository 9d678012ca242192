import { z } from "zod";

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
  const quick = schema._zod.def.type === "number" ? boundsTest(checks) : schema._zod.def.type === "string" ? onePatternTest(checks) : undefined;
  if (own !== undefined && quick !== undefined) return quick;
  if (own === undefined || checks.length === 0) return own;
  const test = checked(own, checks);
  return schema._zod.def.type === "string" ? remembered(test) : test;
}

/** All that is asked of a number by its kind and bounds, in one look; undefined when there is more. */
function boundsTest(checks: readonly Check[]): Test | undefined {
  let [isOne, least, most] = [Number.isFinite, -Infinity, Infinity];
  for (const { _zod: { def } } of checks as readonly z.core.$ZodChecks[]) {
    if (def.check === "number_format" && def.format === "safeint") isOne = Number.isSafeInteger;
    else if (def.check === "greater_than" && def.inclusive && typeof def.value === "number") least = Math.max(least, def.value);
    else if (def.check === "less_than" && def.inclusive && typeof def.value === "number") most = Math.min(most, def.value);
    else return undefined;
  }
  return (value) => isOne(value) && (value as number) >= least && (value as number) <= most;
}

const byPattern = new Map<string, Test>();

/** Of texts of which nothing but a pattern is asked: one test for all schemas that ask it, so that an id which comes up as a share's and in a place is read once. */
function onePatternTest(checks: readonly Check[]): Test | undefined {
  const [check, ...others] = checks;
  const pattern = check && others.length === 0 ? patternOf(check) : undefined;
  if (!pattern) return undefined;
  const known = byPattern.get(String(pattern));
  if (known) return known;
  const test = remembered((value) => typeof value === "string" && pattern.test(value));
  byPattern.set(String(pattern), test);
  return test;
}

const SLOTS = 512;

/**
 * Texts are mostly the same few: a bill's lines have one order, two taxes, twelve checks and twenty names. Objects are not remembered: a WeakSet of those that were
 * found right is gone through at every collection of the young heap, two milliseconds of a large bill's operation.
 */
function remembered(test: Test): Test {
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

type Field = { readonly key: string; readonly test: Test; /** Absent is right: it is mostly absent, and then nothing is asked. */ readonly optional: boolean };

function fieldOf([key, schema]: readonly [string, z.core.$ZodType]): Field | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const optional = def.type === "optional" && (def.checks ?? []).length === 0;
  const test = testOf(optional ? def.innerType : schema);
  return test && { key, test, optional };
}

function objectTest(shape: z.core.$ZodShape): Test | undefined {
  const fields = Object.entries(shape).flatMap((entry) => fieldOf(entry) ?? []);
  if (fields.length < Object.keys(shape).length) return undefined;
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    for (const { key, test, optional } of fields) {
      const inner = (value as Readonly<Record<string, unknown>>)[key];
      if (!(optional && inner === undefined) && !test(inner)) return false;
    }
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

/** Undefined when it asks for anything else than a pattern. */
function patternOf(check: Check): RegExp | undefined {
  const { def } = check._zod as (z.core.$ZodChecks | z.core.$ZodStringFormatTypes)["_zod"];
  if (def.check !== "string_format" || !PATTERNS.has(def.format)) return undefined;
  return def.pattern && !def.pattern.global && !def.pattern.sticky ? def.pattern : undefined;
}

function checkTest(check: Check): Test {
  const pattern = patternOf(check);
  return pattern ? (value) => pattern.test(value as string) : (value) => passes([check], value);
}
