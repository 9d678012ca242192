import "./uws-settings.ts";
import { App, LIBUS_LISTEN_EXCLUSIVE_PORT, us_listen_socket_close, us_socket_local_port } from "uWebSockets.js";
import type { HttpRequest, HttpResponse, TemplatedApp, us_listen_socket } from "uWebSockets.js";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import type { BodyLimits } from "./body.ts";
import { Exchange, type ExchangeSettings } from "./exchange.ts";
import { addSocketDoor } from "./socket-door.ts";
import type { SocketDoor } from "./socket.ts";

/** Answers the exchange at once or later; what it throws becomes a 500 and goes to `onError`. */
export type Handler = (exchange: Exchange) => void | Promise<void>;
export type Method = "GET" | "POST";

export type HttpServerOptions = {
  /** 1 MB and 8 s unless told. */
  readonly body?: Partial<BodyLimits>;
  /** Requests under way at a time; more are told to come again. 2,000 unless told. */
  readonly requests?: number;
  onError(error: unknown, at: string): void;
  /** For metrics: once for every request, 499 for a client that went away. */
  onReply?(facts: { readonly method: string; readonly path: string; readonly status: number }): void;
};

export type Listening =
  | { readonly port: number }
  | { readonly refused: "port-taken" | "address-not-available"; readonly host: string; readonly port: number };

export type HttpServer = ReturnType<typeof createHttpServer>;

/** Routes are added before `listen`. A more exact pattern wins over `/*`; a GET route answers HEAD too. */
export function createHttpServer(options: HttpServerOptions) {
  const app = App();
  const body: BodyLimits = { bytes: 1024 * 1024, timeoutMs: 8_000, ...options.body };
  const inFlight = new Set<Exchange>();
  let listener: us_listen_socket | undefined;
  let closing = false;
  let full = 0;
  const most = options.requests ?? 2_000;
  let idle: (() => void) | undefined;

  const settings: ExchangeSettings = {
    body,
    isClosing: () => closing,
    onDone(exchange, status) {
      inFlight.delete(exchange);
      if (inFlight.size === 0) idle?.();
      options.onReply?.({ method: exchange.method, path: exchange.path, status });
    },
  };

  const guarded = (handler: Handler, always = false) => (res: HttpResponse, req: HttpRequest) => {
    const exchange = new Exchange(res, req, settings);
    inFlight.add(exchange);
    if (inFlight.size > most && !always) {
      full++;
      exchange.reply({ status: 503, headers: { "content-type": "application/json", "retry-after": "1" }, body: JSON.stringify({ refused: "overloaded", retryAfterMs: 1_000 }) });
      return;
    }
    const failed = (error: unknown) => {
      options.onError(error, `${exchange.method} ${exchange.path}`);
      if (exchange.isOpen) exchange.refuse(500, { refused: "internal" });
    };
    try {
      handler(exchange)?.catch(failed);
    } catch (error) {
      failed(error);
    }
    exchange.seal();
  };

  const routes: { readonly method: Method; readonly pattern: string }[] = [];

  return {
    /** `always`: also while all others are told to come again, for who looks after the hub. */
    route(method: Method, pattern: string, handler: Handler, always = false): void {
      routes.push({ method, pattern });
      if (method === "POST") app.post(pattern, guarded(handler, always));
      else app.get(pattern, guarded(handler, always)).head(pattern, guarded(handler, always));
    },

    webSocket<Data>(path: string, door: SocketDoor<Data>): void {
      addSocketDoor(app, path, door, options.onError);
    },

    /** To every socket subscribed to the topic, after all that was sent to it before. */
    publish(topic: string, message: string): void {
      app.publish(topic, message);
    },

    /** Port 0 takes a free one. The port is ours alone: uWS would share it silently with another hub. */
    listen(port: number, host = "0.0.0.0"): Promise<Listening> {
      addFallbacks(app, routes, guarded);
      return new Promise((resolve) => {
        app.listen(host, port, LIBUS_LISTEN_EXCLUSIVE_PORT, (token) => {
          if (token === false) {
            resolve({ refused: isLocal(host) ? "port-taken" : "address-not-available", host, port });
            return;
          }
          listener = token;
          resolve({ port: us_socket_local_port(token) });
        });
      });
    },

    inFlight: () => inFlight.size,

    queue: (): QueueSeen => ({ queue: "requests", length: inFlight.size, bound: most, full }),

    /** Takes no more connections, lets running requests end within the grace, then closes all that is left. */
    async close(graceMs = 2_000): Promise<void> {
      if (closing) return;
      closing = true;
      if (listener !== undefined) us_listen_socket_close(listener);
      if (inFlight.size > 0) {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
        await Promise.race([new Promise<void>((resolve) => (idle = resolve)), late]);
        clearTimeout(timer);
      }
      app.close();
    },
  };
}

/** An address that every machine has: when listening fails there, the port is the reason. */
function isLocal(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || host === "localhost" || host.startsWith("127.");
}

function addFallbacks(app: TemplatedApp, routes: readonly { method: Method; pattern: string }[], guarded: (handler: Handler) => (res: HttpResponse, req: HttpRequest) => void): void {
  for (const pattern of new Set(routes.map((route) => route.pattern))) {
    const allow = routes.filter((route) => route.pattern === pattern).map((route) => (route.method === "GET" ? "GET, HEAD" : route.method));
    app.any(pattern, guarded((exchange) => exchange.reply({
      status: 405,
      headers: { "content-type": "application/json", allow: allow.join(", ") },
      body: JSON.stringify({ refused: "method-not-allowed" }),
    })));
  }
  if (!routes.some((route) => route.pattern === "/*")) app.any("/*", guarded((exchange) => exchange.refuse(404, { refused: "not-found" })));
}
