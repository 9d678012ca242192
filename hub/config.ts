import { z } from "zod";
import { isRedisUrl } from "#hub/log/redis-address.ts";
import { paymentProviders } from "#shared/protocol/payment-settings.ts";

const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const url = (protocols: RegExp, example: string) => z.string().refine((value) => URL.canParse(value) && protocols.test(new URL(value).protocol), { error: `must be an address such as ${example}` });
const postgres = url(/^postgres(ql)?:$/, "postgres://comanda_hub:…@localhost:5432/comanda");
const rate = z.coerce.number().int().min(0).max(100_000);

/** Every setting of the hub, from the environment. */
const SETTINGS = {
  HUB_DATABASE_URL: postgres.describe("Postgres as comanda_hub: commands and reads, under row-level security"),
  CONSUMER_DATABASE_URL: postgres.describe("Postgres as comanda_consumer: publishes the log and feeds screens"),
  REDIS_URL: z.string().refine(isRedisUrl, { error: "must be an address such as redis://localhost:6379 or redis-cluster://one:6379,two:6379" }).describe("Redis, whose streams carry the log; the hub works on without it. A cluster by some of its nodes: redis-cluster://host:port,host:port"),
  COMANDA_SECRET: z.string().min(32).describe("At least 32 characters: tokens, PINs and the operator's token are derived from it. Changing it logs everybody out and voids all PINs"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe("Port of HTTP and WebSocket; 0 takes a free one"),
  HOST: z.string().min(1).default("0.0.0.0").describe("Address to listen on"),
  COMANDA_DEMO: flag.default(false).describe("1: the start page pairs by itself and shows PINs. Never with real guests"),
  COMANDA_ORIGINS: z
    .string()
    .default("")
    .transform((list) => list.split(",").map((origin) => origin.trim()).filter((origin) => origin !== ""))
    .describe("Origins, besides the hub's own, whose pages may open sockets; separated by commas"),
  COMANDA_CLIENTS: z.string().default("").describe("Folder that holds the built apps (pos-web/dist, kds/dist); the checkout's clients/ when empty"),
  PAYMENT_PROVIDERS: paymentProviders.describe("Payment providers as JSON: [{ name, url, apiKey, webhookSecrets }]; their webhooks come to /webhooks/payments/<name>"),
  PRINTER_SIMULATOR_URL: z.string().default("").describe("Address of the printer simulator's preview page, for the start page's link"),
  PAYMENT_SIMULATOR_URL: z.string().default("").describe("Address of the payment simulator's page, for the start page's link"),
  DEVICE_CALLS_PER_SECOND: rate.default(50).describe("Calls a second that one device may make, five times as many after a rest; 0: no bound"),
  MERCHANT_CALLS_PER_SECOND: rate.default(500).describe("The same for all of a place's devices together"),
  STARTUP_WAIT_MS: z.coerce.number().int().min(0).max(600_000).default(30_000).describe("How long to wait for Postgres at the start"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info").describe("What is written to stderr"),
} as const;

const schema = z.object(SETTINGS);
export type Config = z.output<typeof schema>;

/** The settings, or one sentence for each that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): { config: Config } | { wrong: readonly string[] } {
  const given = Object.fromEntries(Object.keys(SETTINGS).flatMap((name) => (environment[name] === undefined || environment[name] === "" ? [] : [[name, environment[name]]])));
  const parsed = schema.safeParse(given);
  if (parsed.success) return { config: parsed.data };
  return {
    wrong: parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]) as keyof typeof SETTINGS;
      return `${name} ${name in given ? `is wrong: ${issue.message}` : "is missing"} (${SETTINGS[name].description ?? ""}).`;
    }),
  };
}

/** For `--help`. */
export function describeSettings(): string {
  return Object.entries(SETTINGS).map(([name, setting]) => `${name.padEnd(22)} ${setting.description ?? ""}`).join("\n");
}
