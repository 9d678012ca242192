import { getTRPCErrorFromUnknown, getTRPCErrorShape, transformTRPCResponse, TRPCError } from "@trpc/server";
import type { AnyTRPCRouter, inferRouterContext, TRPCProcedureType } from "@trpc/server";
import { getHTTPStatusCode } from "@trpc/server/http";
import type { Body } from "./body.ts";
import { decodeUtf8 } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import type { HttpServer } from "./http-server.ts";
import { DoorRefusal } from "./refusal.ts";
import { deserializeInput, parseJson, parsePaths, parseQuery } from "./trpc-input.ts";

/** What a context can be made from; uWS lets headers be read in the first tick only, so these are all there are. */
export type RequestFacts = {
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly traceparent: string | undefined;
  readonly userAgent: string | undefined;
  readonly origin: string | undefined;
};

export type TrpcBridgeOptions<Router extends AnyTRPCRouter> = {
  readonly router: Router;
  /** `/trpc` */
  readonly prefix: string;
  createContext(facts: RequestFacts): inferRouterContext<Router> | Promise<inferRouterContext<Router>>;
  /** A refusal that is known by the token alone, given before anything of the call is read: the caller was told to wait and did not. */
  refusesAtOnce?(authorization: string): { readonly error: TRPCError; readonly retryAfterMs: number; /** Kept back for so long: who waits for it sends no more meanwhile. */ readonly holdMs?: number } | undefined;
  /** 20 unless told. */
  readonly maxBatch?: number;
  /** Every failed call; a bug has the code INTERNAL_SERVER_ERROR and its cause, which the client does not get to see. */
  onError?(failure: { readonly error: TRPCError; readonly path: string | undefined }): void;
};

/** What tRPC copies at every step of a call are all fields of what it was called with: no more than these. */
type Procedure = {
  (call: { readonly ctx: unknown; readonly path: string; readonly type: TRPCProcedureType; getRawInput(): Promise<unknown> }): Promise<unknown>;
  readonly _def: { readonly type: TRPCProcedureType };
};
type Call = { readonly path: string; readonly type: TRPCProcedureType; readonly procedure: Procedure | undefined };
type Outcome = { readonly data: unknown } | { readonly error: TRPCError };
type Answer = { readonly status: number; readonly body: string; readonly retryAfterMs?: number | undefined };

/**
 * tRPC's wire format spoken without Request and Response objects, which cost four fifths of the throughput: GET for
 * queries, POST for mutations, single and batched. Subscriptions, streams and forms are not spoken: screens follow /ws.
 */
export function trpcBridge<Router extends AnyTRPCRouter>(options: TrpcBridgeOptions<Router>): (server: HttpServer) => void {
  const { router, maxBatch = 20 } = options;
  const prefix = `${options.prefix}/`;
  const config = router._def._config;
  if (Object.keys(router._def.lazy).length > 0) throw new Error("the bridge takes no lazy routers");
  const procedures: Readonly<Record<string, Procedure>> = router._def.procedures;

  const failed = (cause: unknown, call?: Call): TRPCError => {
    const error = getTRPCErrorFromUnknown(cause);
    options.onError?.({ error, path: call?.path });
    return error;
  };

  const shapeOf = (error: TRPCError, call: Call | undefined, ctx: inferRouterContext<Router> | undefined) =>
    ({
      error: getTRPCErrorShape({ config, error: withoutInternals(error), type: call?.procedure?._def.type ?? "unknown", path: call?.path, input: undefined, ctx }),
    }) as const;

  const perform = async (call: Call, ctx: inferRouterContext<Router>, input: () => unknown): Promise<Outcome> => {
    const { path, type, procedure } = call;
    try {
      if (procedure === undefined) throw new TRPCError({ code: "NOT_FOUND", message: `No procedure found on path "${path}"` });
      if (procedure._def.type !== type) throw new TRPCError({ code: "METHOD_NOT_SUPPORTED", message: `"${path}" is a ${procedure._def.type}` });
      const data = await procedure({ ctx, path, type, getRawInput: async () => input() });
      return { data };
    } catch (cause) {
      return { error: failed(cause, call) };
    }
  };

  const answer = async (request: Request): Promise<Answer> => {
    let ctx: inferRouterContext<Router> | undefined;
    let only: Call | undefined;
    try {
      const { batch, input } = parseQuery(request.query);
      const calls = parsePaths(request.path, prefix, batch, maxBatch).map((path): Call => ({ path, type: request.type, procedure: procedures[path] }));
      if (!batch) only = calls[0];
      const text = request.type === "query" ? input : await request.text();
      const wire = text === undefined || text === "" ? undefined : parseJson(text);
      if (batch && wire !== undefined && (typeof wire !== "object" || wire === null)) {
        throw new TRPCError({ code: "BAD_REQUEST", message: "malformed-input", cause: new DoorRefusal("malformed-input") });
      }
      const made = await options.createContext(request.facts);
      ctx = made;
      const inputOf = (index: number): unknown => {
        const own = batch ? (wire as Record<string, unknown> | undefined)?.[String(index)] : wire;
        return own === undefined ? undefined : deserializeInput(config.transformer.input.deserialize, own);
      };
      const outcomes = await Promise.all(calls.map((call, index) => perform(call, made, () => inputOf(index))));
      const responses = outcomes.map((outcome, index) => ("error" in outcome ? shapeOf(outcome.error, calls[index], ctx) : { result: { data: outcome.data } }));
      const errors = outcomes.map((outcome) => ("error" in outcome ? outcome.error : undefined));
      const [first] = responses;
      const json = batch || first === undefined ? responses : first;
      return { status: getHTTPStatusCode(json, errors), body: JSON.stringify(transformTRPCResponse(config, json)), retryAfterMs: errors.some((error) => error !== undefined) ? retryAfterOf(responses) : undefined };
    } catch (cause) {
      const error = failed(cause, only);
      const json = shapeOf(error, only, ctx);
      return { status: getHTTPStatusCode(json, [error]), body: JSON.stringify(transformTRPCResponse(config, json)) };
    }
  };

  let held = 0;
  const refusedAtOnce = (exchange: Exchange): boolean => {
    const refused = options.refusesAtOnce?.(exchange.header("authorization"));
    if (refused === undefined) return false;
    const called = exchange.path.slice(prefix.length);
    const shape = (path: string) => ({ error: getTRPCErrorShape({ config, error: refused.error, type: "unknown", path, input: undefined, ctx: undefined }) });
    const json = BATCH.test(exchange.query) ? called.split(",", maxBatch).map(shape) : shape(called);
    const reply = { status: 429, headers: retryAfter(refused.retryAfterMs), body: JSON.stringify(transformTRPCResponse(config, json)) };
    const { holdMs = 0 } = refused;
    if (holdMs === 0 || held >= HELD_MOST) {
      exchange.reply(reply);
      return true;
    }
    held++;
    // Not all at once: who waited for them comes back at once, and all of them together hold up everybody else.
    setTimeout(() => {
      held--;
      exchange.reply(reply);
    }, holdMs * (1 + Math.random())).unref();
    return true;
  };

  const serve = async (exchange: Exchange, type: "query" | "mutation"): Promise<void> => {
    if (refusedAtOnce(exchange)) return;
    const request = type === "query" ? readQuery(exchange) : readMutation(exchange);
    const { status, body, retryAfterMs } = await answer(request);
    exchange.reply({ status, headers: retryAfterMs === undefined ? JSON_HEADERS : retryAfter(retryAfterMs), body });
  };

  return (server) => {
    server.route("GET", `${prefix}*`, (exchange) => serve(exchange, "query"));
    server.route("POST", `${prefix}*`, (exchange) => serve(exchange, "mutation"));
  };
}

/** The longest that any of the calls was told to wait. */
function retryAfterOf(responses: readonly unknown[]): number | undefined {
  const waits = responses.flatMap((response) => {
    const data = (response as { error?: { data?: { retryAfterMs?: unknown } } }).error?.data;
    return typeof data?.retryAfterMs === "number" ? [data.retryAfterMs] : [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

type Request = {
  readonly type: "query" | "mutation";
  readonly path: string;
  readonly query: string;
  readonly facts: RequestFacts;
  text(): Promise<string>;
};

/** Of the 2,000 requests that a hub has under way at most. */
const HELD_MOST = 500;
const BATCH = /(?:^|&)batch=1(?:&|$)/;
const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

function retryAfter(ms: number): Readonly<Record<string, string>> {
  return { ...JSON_HEADERS, "retry-after": String(Math.ceil(ms / 1_000)) };
}

function readQuery(exchange: Exchange): Request {
  return { type: "query", path: exchange.path, query: exchange.query, facts: factsOf(exchange), text: async () => "" };
}

function readMutation(exchange: Exchange): Request {
  const mediaType = exchange.header("content-type").split(";", 1)[0]?.trim().toLowerCase();
  const body = exchange.body();
  return {
    type: "mutation",
    path: exchange.path,
    query: exchange.query,
    facts: factsOf(exchange),
    async text() {
      const text = textOf(await body);
      if (mediaType !== "application/json") throw new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE", message: "send application/json" });
      return text;
    },
  };
}

function factsOf(exchange: Exchange): RequestFacts {
  const header = (name: string) => exchange.header(name) || undefined;
  return {
    authorization: header("authorization"),
    remoteAddress: exchange.remoteAddress(),
    traceparent: header("traceparent"),
    userAgent: header("user-agent"),
    origin: header("origin"),
  };
}

const BODY_REFUSALS = { "body-too-large": "PAYLOAD_TOO_LARGE", "body-timeout": "TIMEOUT", aborted: "CLIENT_CLOSED_REQUEST" } as const;

function textOf(body: Body): string {
  if ("refused" in body) {
    throw new TRPCError({ code: BODY_REFUSALS[body.refused], message: body.refused, cause: new DoorRefusal(body.refused) });
  }
  const text = decodeUtf8(body.bytes);
  if (text === undefined) throw new TRPCError({ code: "BAD_REQUEST", message: "bad-encoding", cause: new DoorRefusal("bad-encoding") });
  return text;
}

/** A bug's message can hold SQL or a path; it goes to the log (onError) and not to the client. */
function withoutInternals(error: TRPCError): TRPCError {
  if (error.code !== "INTERNAL_SERVER_ERROR") return error;
  const shown = new TRPCError({ code: error.code, message: "internal" });
  delete shown.stack;
  return shown;
}
