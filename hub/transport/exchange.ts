import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { readBody, type Body, type BodyLimits } from "./body.ts";
import type { RefusalBody } from "./refusal.ts";

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** One request and its reply. It is never answered twice and never after the client has gone. */
export class Exchange {
  readonly method: string;
  /** As sent, not decoded. */
  readonly path: string;
  readonly query: string;
  #res: HttpResponse;
  #request: HttpRequest | undefined;
  #settings: ExchangeSettings;
  #state: "open" | "answered" | "aborted" = "open";
  #onAborted: (() => void)[] = [];
  #receiving = false;

  constructor(res: HttpResponse, req: HttpRequest, settings: ExchangeSettings) {
    // First of all: a handler that returns with neither a reply nor this listener ends the process.
    res.onAborted(() => this.#abort());
    this.#res = res;
    this.#request = req;
    this.#settings = settings;
    this.method = req.getCaseSensitiveMethod();
    this.path = req.getUrl();
    // Typed as always there, but undefined without a question mark.
    const query: string | undefined = req.getQuery();
    this.query = query ?? "";
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Only before the handler's first await: uWS keeps the request no longer. Empty when absent. */
  header(name: string): string {
    if (this.#request === undefined) throw new Error(`header ${name} was read after the handler's first tick`);
    return this.#request.getHeader(name);
  }

  /** Only before the handler's first await. */
  remoteAddress(): string {
    if (this.#request === undefined) throw new Error("the address was read after the handler's first tick");
    return Buffer.from(this.#res.getRemoteAddressAsText()).toString("latin1");
  }

  /** Only before the handler's first await, and once. */
  async body(limits: Partial<BodyLimits> = {}): Promise<Body> {
    this.#receiving = true;
    const body = await readBody(this.#res, { ...this.#settings.body, ...limits }, (listener) => this.#onAborted.push(listener));
    if ("bytes" in body) this.#receiving = false;
    return body;
  }

  reply(reply: Reply): void {
    if (this.#state === "aborted") return;
    if (this.#state === "answered") throw new Error(`${this.method} ${this.path} was answered twice`);
    this.#state = "answered";
    this.#request = undefined;
    const res = this.#res;
    // A body that was not read to its end would be taken for the next request of the connection.
    const close = this.#receiving || this.#settings.isClosing();
    res.cork(() => {
      res.writeStatus(statusLine(reply.status));
      for (const name in reply.headers) res.writeHeader(name, reply.headers[name] as string);
      if (this.method === "HEAD") {
        if (close) res.writeHeader("connection", "close");
        // Given a length, uWS waits for so many bytes and cuts off the connection's next request.
        res.writeHeader("content-length", String(byteLength(reply.body))).endWithoutBody();
      } else if (reply.body === undefined) res.endWithoutBody(0, close);
      else res.end(reply.body, close);
    });
    this.#settings.onDone(this, reply.status);
  }

  json(status: number, value: unknown): void {
    this.reply({ status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) });
  }

  /** Doors that do not speak tRPC refuse in one shape. */
  refuse(status: number, body: RefusalBody): void {
    this.json(status, body);
  }

  /** Called when the handler's first tick is over. */
  seal(): void {
    this.#request = undefined;
  }

  #abort(): void {
    if (this.#state !== "open") return;
    this.#state = "aborted";
    for (const listener of this.#onAborted) listener();
    this.#settings.onDone(this, 499);
  }
}

export type ExchangeSettings = {
  readonly body: BodyLimits;
  /** True once the server closes: replies then end their connection. */
  isClosing(): boolean;
  /** Once for each exchange; 499 for a client that went away. */
  onDone(exchange: Exchange, status: number): void;
};

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  207: "Multi-Status",
  302: "Found",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

function statusLine(status: number): string {
  return `${status} ${REASONS[status] ?? "Status"}`;
}

function byteLength(body: string | Buffer | undefined): number {
  return body === undefined ? 0 : Buffer.byteLength(body);
}
