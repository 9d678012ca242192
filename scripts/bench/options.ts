import { parseArgs } from "node:util";
import { joined } from "../start/arguments.ts";
import { mustTakeJson } from "../start/json-file.ts";

const ROUNDS = 5;
const SECONDS = 6;
const MINUTES = 20;
const EVENTS = "10000,1000000,5000000";
const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean" } as const;
const WITH_VALUE = { json: TEXT, only: TEXT, rounds: TEXT, seconds: TEXT, minutes: TEXT, events: TEXT };
const FLAGS = { profile: FLAG, help: FLAG };
/** Those that hand a round to the profiler. */
const PROFILED: readonly string[] = ["commands", "screens", "kitchen", "fan-out", "isolation", "merchants"];

export type Options = {
  /** In the order in which they are measured. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly minutes: number;
  readonly events: readonly number[];
  readonly json: string | undefined;
  readonly profile: boolean;
  readonly help: boolean;
};

export function helpOn(names: readonly string[]): string {
  return `npm run bench: measures the product beside others that do the same job, in turns.

  --only NAMES    of ${names.join(", ")}; with commas between them; all unless said
  --rounds N      whose median is the figure (${ROUNDS}); soak has none
  --seconds N     of load in each round (${SECONDS})
  --minutes N     of the soak, after its warm-up (${MINUTES})
  --events N,...  lengths of the log in growth, held to the first (${EVENTS})
  --json FILE     each figure with its aim and whether it holds
  --profile       one round of ${PROFILED.join(", ")} with the functions and the statements that it costs most

Ends with 1 when a bench could not be brought to its end or counted something lost or double, which has the aim 0; not when a speed misses its aim. Ends with 2 when it was asked for something that there is not.`;
}

/** Throws an error whose message is one sentence for who typed it. */
export function readOptions(args: readonly string[], names: readonly string[]): Options {
  const values = parsed(args);
  const { profile = false, help = false, json } = values;
  const known = profile ? PROFILED : names;
  const only = values.only?.split(",") ?? known;
  const unknown = only.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(profile ? `--profile takes --only with one or more of ${PROFILED.join(", ")}.` : `--only takes one or more of ${names.join(", ")}, with commas between them, not ${unknown}.`);
  const counted = (name: "rounds", otherwise: number) => {
    const text = values[name] ?? String(otherwise);
    if (!isCount(text)) throw new Error(`--${name} takes a whole number above 0, not ${text}.`);
    return Number(text);
  };
  const measured = (name: "seconds" | "minutes", otherwise: number) => {
    const value = Number(values[name] ?? otherwise);
    if (!(value > 0 && Number.isFinite(value))) throw new Error(`--${name} takes a number above 0, not ${values[name]}.`);
    return value;
  };
  if (json !== undefined) mustTakeJson(json);
  const events = (values.events ?? EVENTS).split(",");
  if (!events.every(isCount)) throw new Error(`--events takes whole numbers above 0 with commas between them, not ${values.events}.`);
  return {
    only: names.filter((name) => only.includes(name)),
    rounds: counted("rounds", profile ? 1 : ROUNDS),
    seconds: measured("seconds", SECONDS),
    minutes: measured("minutes", MINUTES),
    events: events.map(Number),
    json,
    profile,
    help,
  };
}

const isCount = (text: string) => /^[1-9]\d*$/.test(text);

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: joined(args, WITH_VALUE), options: { ...WITH_VALUE, ...FLAGS }, strict: true }).values;
  } catch (error) {
    // Node goes on with advice for programmers.
    const [sentence = ""] = (error as Error).message.split(/[.\n](?=\s|$)/);
    throw new Error(`${sentence}.`, { cause: error });
  }
}
