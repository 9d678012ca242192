import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MOOD_NAMES, readMood } from "./moods.ts";
import { guestPage, page } from "./page.ts";
import type { Asked, Reply, SimulatedProvider } from "./provider.ts";

const LARGEST_BODY = 20_000;

/** The providers' own interface under `/<name>/v1/`, the page, and what the page and tests tell them to do. */
export function simulatorHttp(providers: readonly SimulatedProvider[]): Server {
  return createServer((request, response) => {
    answer(providers, request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, { status: 500, body: { error: String(error) } });
      else response.destroy();
    });
  });
}

async function answer(providers: readonly SimulatedProvider[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts = new URL(request.url ?? "/", "http://payments").pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const method = request.method ?? "GET";
  if (method === "GET" && parts.length === 0) {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(page(MOOD_NAMES));
    return;
  }
  if (parts[0] === "favicon.ico") return void response.writeHead(204).end();
  if (parts[0] === "api") return json(response, await control(providers, method, parts.slice(1), request));
  const provider = providers.find(({ options }) => options.name === parts[0]);
  if (provider && parts[1] === "pay" && parts[2] !== undefined) return asGuest(provider, method, parts[2], request, response);
  if (!provider || parts[1] !== "v1") return json(response, { status: 404, body: { error: "not found" } });
  await asProvider(provider, method, parts.slice(2), request, response);
}

/** What the guest's telephone opens. */
async function asGuest(provider: SimulatedProvider, method: string, id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (method === "POST") {
    const what = new URLSearchParams(await textOf(request)).get("do");
    if (what === "pay") provider.approve(id);
    else provider.decline(id, "declined");
    provider.keep();
  }
  const attempt = provider.attempts.find((one) => one.attempt === id);
  response.writeHead(attempt ? 200 : 404, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(guestPage(attempt));
}

async function asProvider(provider: SimulatedProvider, method: string, parts: readonly string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { mood } = provider.mood;
  const body = ((await bodyOf(request)) ?? {}) as Asked & { readonly attempt?: string; readonly refund?: string };
  if (mood === "offline" || mood === "hang" || mood === "lose-connection") provider.meets();
  if (mood === "offline") return void request.socket.destroy();
  if (mood === "hang") return;
  if (request.headers.authorization !== `Bearer ${provider.options.apiKey}`) return json(response, { status: 401, body: { refused: "unauthorized" } });
  const key = String(request.headers["idempotency-key"] ?? "");
  const reply = replyOf(provider, `${method} ${parts[0]}${parts.length > 1 ? "/:id" : ""}${parts[2] === undefined ? "" : `/${parts[2]}`}`, parts[1] ?? "", body, key);
  provider.keep();
  if (mood === "lose-connection") return void request.socket.destroy();
  json(response, reply);
}

function replyOf(provider: SimulatedProvider, route: string, id: string, body: Asked & { readonly attempt?: string; readonly refund?: string }, key: string): Reply {
  switch (route) {
    case "POST attempts":
      return provider.start(body.attempt ?? "", body);
    case "GET attempts/:id":
      return provider.ask(id);
    case "POST attempts/:id/capture":
      return provider.capture(id, body, key);
    case "POST attempts/:id/increment":
      return provider.increment(id, body, key);
    case "POST attempts/:id/tip":
      return provider.adjustTip(id, body, key);
    case "POST attempts/:id/cancel":
      return provider.cancel(id, key);
    case "POST attempts/:id/reverse":
      return provider.reverse(id, key);
    case "GET refunds/:id":
      return provider.askRefund(id);
    case "POST refunds":
      return provider.refund(body.refund ?? "", body.attempt ?? "", body, key);
    default:
      return { status: 404, body: { error: "not found" } };
  }
}

/** `GET providers`; `POST providers/<name>/mood`; `POST providers/<name>/attempts/<id>` with `{ do, tip, amount }`. */
async function control(providers: readonly SimulatedProvider[], method: string, parts: readonly string[], request: IncomingMessage): Promise<Reply> {
  if (method === "GET" && parts[0] === "providers" && parts.length === 1) {
    return { status: 200, body: providers.map(({ options: { name, kind }, mood, met, attempts, refunds, webhooks }) => ({ name, kind, mood, met, attempts, refunds, deliveries: webhooks.deliveries.slice(-30), undelivered: webhooks.undelivered.length })) };
  }
  const provider = providers.find(({ options }) => options.name === parts[1]);
  if (method !== "POST" || parts[0] !== "providers" || !provider) return { status: 404, body: { error: "not found" } };
  const body = await bodyOf(request);
  if (parts[2] === "mood") {
    const mood = readMood(body);
    if (!mood) return { status: 400, body: { error: "no such mood", moods: MOOD_NAMES } };
    provider.setMood(mood);
    provider.keep();
    return { status: 200, body: mood };
  }
  const { do: what, tip, amount } = (body ?? {}) as { readonly do?: string; readonly tip?: string; readonly amount?: string };
  const reply = decided(provider, parts[3] ?? "", what, { ...(tip === undefined ? {} : { tip }), ...(amount === undefined ? {} : { amount }) });
  provider.keep();
  return reply;
}

function decided(provider: SimulatedProvider, id: string, what: string | undefined, given: { readonly tip?: string; readonly amount?: string }): Reply {
  switch (what) {
    case "approve":
      return provider.approve(id, given);
    case "decline":
      return provider.decline(id, "declined");
    case "expire":
      return provider.expire(id);
    case "settle":
      return provider.settle(id);
    case "reverse":
      return provider.reverse(id, `by-hand-${id}`);
    default:
      return { status: 400, body: { error: "do: approve, decline, expire, settle or reverse" } };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) return "";
  }
  return text;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = await textOf(request);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
