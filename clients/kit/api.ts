import { createTRPCUntypedClient, httpLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import type { Refusal } from "#shared/domain/command.ts";

/**
 * Why a call brought no answer.
 * - `unreachable`: nothing is known to be written; the same command id may be sent again, after `retryAfterMs` if the hub said so.
 * - `unauthorized`: the token is no good (any more).
 * - `refused`: a final no.
 */
export type CallFailure =
  /** `databaseAway`: the hub itself answers. `fault`: it answers with a fault of its own (500), which may be passing or this call's. */
  | { readonly kind: "unreachable"; readonly retryAfterMs?: number; readonly databaseAway?: true; readonly fault?: true }
  | { readonly kind: "unauthorized"; readonly refused: string; readonly retryAfterMs: number | null }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export class CallFailed extends Error {
  readonly failure: CallFailure;
  constructor(failure: CallFailure, cause: unknown) {
    super(failure.kind, { cause });
    this.failure = failure;
  }
}

export type Api = {
  query<Output>(path: string, input: unknown, token?: string): Promise<Output>;
  mutate<Output>(path: string, input: unknown, token?: string): Promise<Output>;
};

const CALL_TIMEOUT_MS = 8000;

export function createApi(url: string): Api {
  const client = createTRPCUntypedClient({
    links: [
      httpLink({
        url,
        transformer: superjson,
        headers: ({ op }) => (typeof op.context["token"] === "string" ? { authorization: `Bearer ${op.context["token"]}` } : {}),
      }),
    ],
  });
  async function call<Output>(verb: "query" | "mutation", path: string, input: unknown, token?: string): Promise<Output> {
    const until = Date.now() + CALL_TIMEOUT_MS;
    for (;;) {
      const options = { signal: AbortSignal.timeout(CALL_TIMEOUT_MS), ...(token === undefined ? {} : { context: { token } }) };
      try {
        return (await client[verb](path, input, options)) as Output;
      } catch (error) {
        const failure = classify(error);
        const waitMs = failure.kind === "unreachable" ? failure.retryAfterMs : undefined;
        // Nothing of a call that is slowed down was done: it waits as long as it was told, and a little more, so that not all come back at once.
        if (waitMs === undefined || Date.now() + waitMs > until) throw new CallFailed(failure, error);
        await new Promise((resolve) => setTimeout(resolve, waitMs * (1 + Math.random())));
      }
    }
  }
  return { query: (path, input, token) => call("query", path, input, token), mutate: (path, input, token) => call("mutation", path, input, token) };
}

export function failureOf(error: unknown): CallFailure {
  return error instanceof CallFailed ? error.failure : { kind: "unreachable" };
}

const UNREACHABLE_CODES = new Set(["SERVICE_UNAVAILABLE", "TIMEOUT", "BAD_GATEWAY", "GATEWAY_TIMEOUT", "CLIENT_CLOSED_REQUEST"]);

export function classify(error: unknown): CallFailure {
  if (!(error instanceof TRPCClientError)) return { kind: "unreachable" };
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null || !("code" in data) || typeof data.code !== "string") return { kind: "unreachable" };
  const { code, httpStatus: _status, path: _path, stack: _stack, ...fields } = data as { code: string; [field: string]: unknown };
  const refused = typeof fields["refused"] === "string" ? fields["refused"] : null;
  if (refused === "unavailable" && fields["reason"] === "database-away") return { kind: "unreachable", databaseAway: true };
  if (code === "INTERNAL_SERVER_ERROR") return { kind: "unreachable", fault: true };
  if (refused === "unavailable" || UNREACHABLE_CODES.has(code)) return { kind: "unreachable" };
  if (refused === "slow-down" && typeof fields["retryAfterMs"] === "number") return { kind: "unreachable", retryAfterMs: fields["retryAfterMs"] };
  const retryAfterMs = typeof fields["retryAfterMs"] === "number" ? fields["retryAfterMs"] : null;
  if (code === "UNAUTHORIZED") return { kind: "unauthorized", refused: refused ?? "unauthorized", retryAfterMs };
  return { kind: "refused", refusal: { ...fields, refused: refused ?? BY_CODE[code] ?? "hub-refused" } };
}

const BY_CODE: Readonly<Record<string, string>> = {
  BAD_REQUEST: "bad-input",
  PARSE_ERROR: "bad-input",
  FORBIDDEN: "capability-missing",
  TOO_MANY_REQUESTS: "too-many-requests",
  CONFLICT: "command-id-reused",
  PRECONDITION_FAILED: "command-too-old",
  NOT_FOUND: "not-found",
  PAYLOAD_TOO_LARGE: "too-large",
};
