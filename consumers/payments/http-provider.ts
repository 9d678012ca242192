import type { z } from "zod";
import { attemptView, refundView } from "#shared/protocol/payment-provider.ts";
import { storable } from "#shared/storable.ts";
import type { Answer, PaymentProviderPort } from "./provider-port.ts";

export type HttpProviderOptions = { readonly url: string; readonly apiKey: string; /** A terminal that is silent for longer may have done it or not. */ readonly timeoutMs: number };

/** Codes of connections that were never made: nothing was sent. */
const NOT_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

export function httpProvider({ url, apiKey, timeoutMs }: HttpProviderOptions): PaymentProviderPort {
  // The address may have a path: what is asked for stands below it.
  const base = url.endsWith("/") ? url : `${url}/`;

  async function call<Schema extends z.ZodType>(schema: Schema, method: "GET" | "POST", path: string, body?: object, key?: string): Promise<Answer<z.output<Schema>>> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, base), {
        method,
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      const code = codeOf(error);
      return { unreachable: code, sent: !NOT_SENT.has(code) };
    }
    const said = asJson(text);
    // Its own word for it: a gateway, a mistyped address and a provider that has no such call say 404 too, whatever it has done.
    if (response.status === 404 && reasonOf(said) === "not-found") return { notFound: true };
    if (response.status >= 500 || response.status === 404 || response.status === 429 || response.status === 408) return { unreachable: `http-${response.status}`, sent: true };
    if (!response.ok) return { refused: reasonOf(said) ?? `http-${response.status}` };
    const parsed = schema.safeParse(said);
    // An answer that cannot be read tells as little as none.
    return parsed.success ? { answered: parsed.data } : { unreachable: "unreadable", sent: true };
  }

  const attempt = (method: "GET" | "POST", path: string, body?: object, key?: string) => call(attemptView, method, `v1/attempts/${path}`, body, key);
  return {
    start: (id, body, key) => call(attemptView, "POST", "v1/attempts", { attempt: id, ...body }, key),
    ask: (id) => attempt("GET", id),
    capture: (id, body, key) => attempt("POST", `${id}/capture`, body, key),
    increment: (id, body, key) => attempt("POST", `${id}/increment`, body, key),
    adjustTip: (id, body, key) => attempt("POST", `${id}/tip`, body, key),
    cancel: (id, key) => attempt("POST", `${id}/cancel`, {}, key),
    reverse: (id, key) => attempt("POST", `${id}/reverse`, {}, key),
    refund: (refund, id, body, key) => call(refundView, "POST", "v1/refunds", { refund, attempt: id, ...body }, key),
    askRefund: (key) => call(refundView, "GET", `v1/refunds/${key}`),
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  if (error.name === "TimeoutError") return "no-answer";
  const cause = error.cause as { code?: string; errors?: readonly { code?: string }[] } | undefined;
  return cause?.code ?? cause?.errors?.[0]?.code ?? "failed";
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function reasonOf(said: unknown): string | undefined {
  const reason = typeof said === "object" && said !== null ? (said as { refused?: unknown }).refused : undefined;
  return typeof reason === "string" ? storable(reason.slice(0, 80)) : undefined;
}
