import { parseArgs } from "node:util";
import { joined } from "../start/arguments.ts";
import { mustTakeJson } from "../start/json-file.ts";
import { cannotStart } from "../start/report.ts";

export type Options = {
  readonly help: boolean;
  /** Each guard of the product switched off in turn, instead of faults. */
  readonly guards: boolean;
  /** Every fault of the chosen forms once, instead of any until the time is over. */
  readonly each: boolean;
  /** How long faults are made; with `each`, after how long no further one begins. */
  readonly minutes: number;
  readonly seed: number;
  readonly only: string | undefined;
  readonly fault: string | undefined;
  /** A file that can be written. */
  readonly json: string | undefined;
};

export const MINUTES = 6;
export const MINUTES_OF_EACH = 40;

const WITH_VALUE = { minutes: { type: "string" }, seed: { type: "string" }, only: { type: "string" }, fault: { type: "string" }, json: { type: "string" } } as const;
const FLAGS = { guards: { type: "boolean" }, each: { type: "boolean" }, help: { type: "boolean" } } as const;

/** What was asked for; `anySeed` where none was. Throws one sentence for the terminal when it cannot be done. */
export function readOptions(argv: readonly string[], anySeed: () => number): Options {
  const values = parsed(argv);
  const { guards = false, each = false, help = false } = values;
  const unheard = guards ? (["each", "fault", "minutes"] as const).filter((name) => values[name] !== undefined) : [];
  if (unheard.length > 0) throw cannotStart(`--guards goes without ${unheard.map((name) => `--${name}`).join(", ")}: it makes what each guard is against, once`);
  if (values.json !== undefined) mustTakeJson(values.json);
  return {
    help,
    guards,
    each,
    minutes: values.minutes === undefined ? (each ? MINUTES_OF_EACH : MINUTES) : minutesOf(values.minutes),
    seed: values.seed === undefined ? anySeed() : seedOf(values.seed),
    only: values.only,
    fault: values.fault,
    json: values.json,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: joined(argv, WITH_VALUE), options: { ...WITH_VALUE, ...FLAGS }, strict: true }).values;
  } catch (error) {
    throw cannotStart(error instanceof Error ? error.message : String(error));
  }
}

function minutesOf(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) throw cannotStart(`--minutes takes a number above 0, not "${text}"`);
  return value;
}

function seedOf(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0) throw cannotStart(`--seed takes a whole number from 0 on, not "${text}"`);
  return value;
}

type Form<Fault> = { readonly name: string; /** Only when it is named, or with `--each`. */ readonly asked?: boolean; readonly faults: readonly Fault[] };
type Named = { readonly name: string; readonly minutes?: number };

type Chosen = Pick<Options, "only" | "fault" | "each" | "minutes">;

/** Minutes that a run must have so that the fault finds the time that it needs: each form has its share of them, and with `each` all other faults are made as well. */
function minutesFor({ minutes = 0 }: Named, forms: number, each: boolean): number {
  return minutes * (each ? 2 : forms);
}

function namedForms<Fault extends Named, One extends Form<Fault>>(forms: readonly One[], { only, fault, each }: Chosen): readonly One[] {
  const named = only === undefined ? forms.filter(({ asked = false }) => !asked || each || fault !== undefined) : [chosenOne(forms, only)];
  return named.filter(({ faults }) => faults.some((one) => isNamed(one, fault)));
}

/** The forms that are played, each with the faults that are meant. */
export function chosenForms<Fault extends Named, One extends Form<Fault>>(forms: readonly One[], options: Chosen): readonly One[] {
  const { fault, each, minutes } = options;
  const named = namedForms<Fault, One>(forms, options);
  const meant = (one: Fault) => isNamed(one, fault) && minutesFor(one, named.length, each) <= minutes;
  const chosen = named.map((form) => ({ ...form, faults: form.faults.filter(meant) })).filter(({ faults }) => faults.length > 0);
  if (chosen.length > 0) return chosen;
  const [longer] = leftOut(forms, options);
  throw cannotStart(longer === undefined ? `no fault has "${fault ?? ""}" in its name` : `"${longer.name}" needs --minutes ${longer.minutes}`);
}

/** Faults that are meant and need more minutes than there are. */
export function leftOut<Fault extends Named>(forms: readonly Form<Fault>[], options: Chosen): readonly Required<Named>[] {
  const { fault, each, minutes } = options;
  const named = namedForms<Fault, Form<Fault>>(forms, options);
  const needed = named.flatMap(({ faults }) => faults).filter((one) => isNamed(one, fault)).map((one) => ({ name: one.name, minutes: minutesFor(one, named.length, each) }));
  return needed.filter((one) => one.minutes > minutes);
}

const isNamed = ({ name }: Named, fault: string | undefined) => fault === undefined || name.includes(fault);

export function chosenOne<One extends { readonly name: string }>(all: readonly One[], only: string): One {
  const found = all.find(({ name }) => name === only);
  if (found === undefined) throw cannotStart(`--only takes one of ${all.map(({ name }) => name).join(", ")}, not "${only}"`);
  return found;
}

/** The command that plays the same order again. */
export function replay({ guards, each, minutes, seed, only, fault }: Options): string {
  const what = guards ? "--guards" : `${each ? "--each " : ""}--minutes ${minutes}`;
  return `npm run chaos -- ${what} --seed ${seed}${only === undefined ? "" : ` --only "${only}"`}${fault === undefined ? "" : ` --fault "${fault}"`}`;
}
