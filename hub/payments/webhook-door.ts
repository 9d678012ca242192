import { createHash } from "node:crypto";
import type { Executor } from "#hub/commands/execute.ts";
import type { Session } from "#hub/commands/session.ts";
import type { Sql } from "#hub/db/client.ts";
import type { Exchange } from "#hub/transport/exchange.ts";
import type { HttpServer } from "#hub/transport/http-server.ts";
import { decodeUtf8 } from "#hub/transport/body.ts";
import { receiveWebhookCommand } from "#shared/domain/payment/decide-provider.ts";
import { webhookBody } from "#shared/protocol/payment-provider.ts";
import type { ProviderSettings } from "#shared/protocol/payment-settings.ts";
import { verify } from "./standard-webhooks.ts";

export type WebhookDoorOptions = {
  readonly providers: readonly ProviderSettings[];
  readonly sql: Sql;
  readonly executor: Executor;
  now(): number;
  newUlid(): string;
  hashOf(address: string): string;
};

const PREFIX = "/webhooks/payments/";
const BODY = { bytes: 64 * 1024, timeoutMs: 5_000 };
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * What providers tell us. Verified over the bytes as they came, put into the log once, and only then acknowledged; what follows from it is decided
 * by whoever reads the log (consumers/payments). A provider sends again whatever got no 2xx.
 */
export function webhookDoor(options: WebhookDoorOptions): (server: HttpServer) => void {
  return (server) => server.route("POST", `${PREFIX}:provider`, (exchange) => receive(exchange, options));
}

async function receive(exchange: Exchange, { providers, sql, executor, now, newUlid, hashOf }: WebhookDoorOptions): Promise<void> {
  const headers = { id: exchange.header("webhook-id"), timestamp: exchange.header("webhook-timestamp"), signature: exchange.header("webhook-signature") };
  const announced = exchange.header("x-webhook-event-type");
  const from = hashOf(exchange.remoteAddress());
  const name = exchange.path.slice(PREFIX.length);
  const body = await exchange.body(BODY);
  if ("refused" in body) return exchange.refuse(body.refused === "body-too-large" ? 413 : 408, { refused: body.refused });
  const provider = providers.find((one) => one.name === name);
  if (!provider) return exchange.refuse(404, { refused: "unknown-provider" });
  const verdict = verify(provider.webhookSecrets, headers, body.bytes, now());
  if ("refused" in verdict) return exchange.refuse(401, verdict);

  const text = decodeUtf8(body.bytes);
  const parsed = webhookBody.safeParse(text === undefined ? undefined : asJson(text));
  if (text === undefined || !parsed.success) return exchange.refuse(422, { refused: "webhook-unreadable" });
  if (announced !== parsed.data.type) return exchange.refuse(422, { refused: "webhook-type-mismatch" });
  const { attempt } = parsed.data.data;
  const tenant = await tenantOf(sql, provider.name, attempt);
  if (!tenant) return exchange.refuse(404, { refused: "unknown-attempt" });

  const session = systemSession(tenant.organizer_id, tenant.merchant_id, now());
  const input = {
    stream: streamOf(tenant.merchant_id, provider.name, headers.id),
    provider: provider.name,
    webhook: headers.id,
    webhookType: parsed.data.type,
    payment: tenant.payment_id,
    attempt,
    body: text,
    bodyHash: createHash("sha256").update(body.bytes).digest("hex"),
  };
  const execution = await executor.execute(receiveWebhookCommand, { commandId: newUlid(), input }, session, tenant.traceparent ?? undefined, from);
  if (execution.outcome !== "answered") return exchange.refuse(503, { refused: "unavailable" });
  const { answer } = execution;
  if (!answer.ok) return exchange.refuse(409, { refused: answer.refusal.refused });
  exchange.json(200, { received: true, replayed: answer.result.replayed });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Tenant = { readonly organizer_id: string; readonly merchant_id: string; readonly payment_id: string; readonly traceparent: string | null };

/** Whose attempt it is: only what we have asked of this provider can be answered by it. */
async function tenantOf(sql: Sql, provider: string, attempt: string): Promise<Tenant | undefined> {
  const [row] = await sql<Tenant[]>`select organizer_id, merchant_id, payment_id, payment_attempt_trace(${provider}, ${attempt}) as traceparent from payment_attempt_of(${provider}, ${attempt})`;
  return row;
}

/** One stream for one webhook of one provider at one merchant: the log itself finds a replay, whichever hub it reaches. */
function streamOf(merchant: string, provider: string, webhook: string): string {
  const hash = createHash("sha256").update(`${merchant}\n${provider}\n${webhook}`).digest();
  let text = ALPHABET[(hash[0] ?? 0) & 7] ?? "0";
  for (let i = 1; i < 26; i++) text += ALPHABET[(hash[i] ?? 0) & 31];
  return `whk_${text}`;
}

function systemSession(organizer: string, merchant: string, now: number): Session {
  return { id: "webhooks", organizer, merchant, device: null, deviceName: null, staff: null, capabilities: ["operate.system"], expiresAt: now + 60_000 };
}
