import { hostname } from "node:os";
import { z } from "zod";
import { rolePasswords } from "#hub/db/roles.ts";
import { isRedisUrl } from "#hub/log/redis-address.ts";
import { paymentProviders, type ProviderSettings } from "#shared/protocol/payment-settings.ts";

const schema = z.object({
  CONSUMER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe("Postgres as the role comanda_consumer"),
  REDIS_URL: z.string().refine(isRedisUrl).describe("Redis that carries the streams and wakes the print workers"),
  COMANDA_SECRET: z.string().min(16).optional().describe("The installation's secret; gives the role's password when the address has none"),
  CONSUMERS_NAME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,60}$/)
    .optional()
    .describe("The place of this process: a new one of the same name takes over its shards at once. The host's name unless set"),
  CONSUMERS_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(2).describe("Transactions of one consumer at a time"),
  CONSUMERS_BLOCKED_MS: z.coerce.number().int().min(500).max(600_000).default(10_000).describe("A handler that keeps the thread for so long ends its process"),
  PAYMENT_PROVIDERS: paymentProviders.describe("Payment providers as JSON, as the hub has them"),
  PAYMENT_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(8_000).describe("How long a payment provider may take to answer a call"),
  PAYMENT_BACKOFF_MS: z.coerce.number().int().min(20).max(60_000).default(1_000).describe("First step of the back-off between questions to a payment provider"),
  PAYMENT_EXPIRE_MS: z.coerce.number().int().min(100).max(86_400_000).optional().describe("How long a guest has to pay, when it is not what the attempt says"),
  ERASURE_AGAIN_MS: z.coerce.number().int().min(100).max(3_600_000).default(60_000).describe("When Redis is looked at again after the words of an erased guest were taken out of it"),
  FIRST_RETRY_MS: z.coerce.number().int().min(10).max(60_000).default(1_000).describe("How soon an event that failed is tried again; each of the four retries after the first waits twice as long"),
  PRINTER_CHECK_MS: z.coerce.number().int().min(500).max(3_600_000).default(15_000).describe("How often a printer on which nothing waits is asked how it is"),
  STARTUP_WAIT_MS: z.coerce.number().int().min(0).max(600_000).default(30_000).describe("How long to wait for Postgres at the start, in milliseconds"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info").describe("Least level that is logged, as JSON on stderr"),
});

export type ConsumersConfig = {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly processName: string;
  readonly concurrency: number;
  readonly logLevel: string;
  readonly startupWaitMs: number;
  readonly blockedMs: number;
  readonly erasureAgainMs: number;
  readonly firstRetryMs: number;
  readonly printerCheckMs: number;
  readonly payments: { readonly providers: readonly ProviderSettings[]; readonly timeoutMs: number; readonly backOffMs: number; readonly expireMs: number | undefined };
};

/** A wrong setting is one sentence that names it. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConsumersConfig | { readonly wrong: string } {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]) as keyof typeof schema.shape;
    return { wrong: `${name} is ${env[name] === undefined ? "not set" : "not usable"}: it must be ${schema.shape[name].description ?? "set"}.` };
  }
  const settings = parsed.data;
  return {
    databaseUrl: withPassword(settings.CONSUMER_DATABASE_URL, settings.COMANDA_SECRET),
    redisUrl: settings.REDIS_URL,
    processName: settings.CONSUMERS_NAME ?? (hostname().replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 60) || "consumers"),
    concurrency: settings.CONSUMERS_CONCURRENCY,
    logLevel: settings.LOG_LEVEL,
    startupWaitMs: settings.STARTUP_WAIT_MS,
    blockedMs: settings.CONSUMERS_BLOCKED_MS,
    erasureAgainMs: settings.ERASURE_AGAIN_MS,
    firstRetryMs: settings.FIRST_RETRY_MS,
    printerCheckMs: settings.PRINTER_CHECK_MS,
    payments: { providers: settings.PAYMENT_PROVIDERS, timeoutMs: settings.PAYMENT_TIMEOUT_MS, backOffMs: settings.PAYMENT_BACKOFF_MS, expireMs: settings.PAYMENT_EXPIRE_MS },
  };
}

function withPassword(address: string, secret: string | undefined): string {
  const url = new URL(address);
  if (url.password !== "" || secret === undefined) return address;
  url.password = rolePasswords(secret).consumer;
  return url.toString();
}
