import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((n) => n >= 1 && n <= 65535);

function urlOf(...schemes: string[]) {
  return z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol));
}

type Setting = {
  readonly flag?: string;
  readonly variable?: string;
  readonly value?: string;
  readonly schema: z.ZodType;
  readonly must: string;
  readonly says: string;
};

const SETTINGS = {
  port: {
    flag: "port",
    variable: "PORT",
    value: "N",
    schema: port.default(8080),
    must: "a whole number from 1 to 65535",
    says: "port of the hub: the apps, the API and the socket (8080)",
  },
  data: {
    flag: "data",
    variable: "COMANDA_DATA",
    value: "DIR",
    schema: z.string().min(1).default(".data"),
    must: "the path of a folder",
    says: "folder for everything that must survive a restart (.data)",
  },
  fresh: {
    flag: "fresh",
    schema: z.boolean().default(false),
    must: "given without a value",
    says: "forget the data in that folder and begin with the demo again",
  },
  databaseUrl: {
    variable: "DATABASE_URL",
    schema: urlOf("postgres:", "postgresql:").optional(),
    must: "an address like postgres://user:password@host:5432/comanda",
    says: "a Postgres of yours, as a role that may create roles; without it one is run in the data folder",
  },
  redisUrl: {
    variable: "REDIS_URL",
    schema: urlOf("redis:", "rediss:").optional(),
    must: "an address like redis://host:6379",
    says: "a Redis of yours; without it one is run in the data folder",
  },
} as const satisfies Record<string, Setting>;

export type StartSettings = {
  readonly port: number;
  /** Absolute. */
  readonly data: string;
  readonly fresh: boolean;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
};

export type ReadSettings =
  | { readonly settings: StartSettings }
  | { readonly help: string }
  /** One sentence that names the setting. */
  | { readonly refused: string };

export function helpText(): string {
  const rows: readonly Setting[] = Object.values(SETTINGS);
  const lines = rows.map((row) => {
    const flag = row.flag === undefined ? undefined : `--${row.flag}${row.value === undefined ? "" : ` ${row.value}`}`;
    return `  ${[flag, row.variable].filter((name) => name !== undefined).join(", ").padEnd(24)}  ${row.says}`;
  });
  return ["npm start -- [options]", "", ...lines, `  ${"--help".padEnd(24)}  this text`].join("\n");
}

function parseFlags(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: { port: { type: "string" }, data: { type: "string" }, fresh: { type: "boolean" }, help: { type: "boolean" } },
    strict: true,
    allowPositionals: false,
  }).values;
}

/** Flags go before the environment; an empty variable counts as not set. */
export function readSettings(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): ReadSettings {
  let flags: ReturnType<typeof parseFlags>;
  try {
    flags = parseFlags(args);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/\.\s|\n/)[0] ?? "") : String(error);
    return { refused: `${reason}: npm start -- --help lists the options.` };
  }
  if (flags.help === true) return { help: helpText() };

  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(SETTINGS) as [keyof typeof SETTINGS, Setting][]) {
    const fromFlag = row.flag === undefined ? undefined : flags[row.flag as keyof typeof flags];
    const fromVariable = row.variable === undefined ? undefined : environment[row.variable] || undefined;
    const given = fromFlag ?? fromVariable;
    const parsed = row.schema.safeParse(given);
    if (!parsed.success) {
      const called = fromFlag === undefined ? row.variable : `--${row.flag}`;
      // An address may hold a password: it is not repeated on the screen.
      const shown = name === "databaseUrl" || name === "redisUrl" ? "" : `, not "${String(given)}"`;
      return { refused: `${called} must be ${row.must}${shown}.` };
    }
    values[name] = parsed.data;
  }
  const settings = values as StartSettings;
  if (settings.fresh && settings.databaseUrl !== undefined) {
    return { refused: "--fresh forgets only data in the data folder: drop the database of DATABASE_URL yourself, or leave DATABASE_URL out." };
  }
  return { settings: { ...settings, data: resolve(settings.data) } };
}
