import { randomBytes } from "node:crypto";
import { connect, type Socket as NetSocket } from "node:net";
import { createHttpServer } from "#hub/transport/http-server.ts";
import type { Frame } from "#hub/log/feed-shard.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import { down, type Down } from "#shared/protocol/down.ts";
import { follow, receive, type Following } from "#shared/protocol/follow.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { SHARD_COUNT, shardOf } from "#shared/shards.ts";
import { createRealtime, type RealtimeOptions } from "../create-realtime.ts";
import { ownerId, type EventIndex, type Owner, type SocketSession } from "../types.ts";

/** For the tests: a log in memory whose feed goes by hand, a hub's socket on a real port, and a screen that follows it. */
export const EPOCH = "01JZZZZZZZZZZZZZZZZZZZZZZZ";
export const ALL = ["floor.seat", "order.take", "check.settle", "drawer.operate", "kitchen.work", "stock.count", "manage.view", "manage.settings", "operate.system"];

export function createMemoryLog() {
  const shards: (StoredEvent & { readonly owner: Owner })[][] = Array.from({ length: SHARD_COUNT }, () => []);
  let commands = 0;
  let onFrame: (frame: Frame) => void = () => undefined;

  const index: EventIndex = {
    head: async (shard) => BigInt(shards[shard]?.length ?? 0),
    async read(owner, shard, after, limit) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      const wanted = (shards[shard] ?? []).filter((event) => event.position > after && ownerId(event.owner) === ownerId(owner));
      const last = wanted[limit - 1];
      return wanted.filter((event, place) => place < limit || event.commandId === last?.commandId);
    },
  };

  return {
    index,
    heads: () => shards.map((events) => BigInt(events.length)),
    feedTo(take: (frame: Frame) => void) {
      onFrame = take;
    },
    /** One command's events; `fed: false` commits them without the feed's having seen them. */
    append(owner: Owner, types: readonly string[], options: { readonly fed?: boolean; readonly note?: string } = {}): Frame {
      const shard = shardOf(ownerId(owner));
      const events = shards[shard] ?? [];
      const commandId = `cmd${++commands}`;
      const written = types.map((type, n) => {
        const position = BigInt(events.length + 1 + n);
        const envelope = {
          position: String(position),
          time: "2026-11-20T12:00:00.000Z",
          type,
          id: `evt_${shard}_${position}`,
          subject: "ord_1",
          data: { note: options.note ?? "" },
          organizerid: owner.organizerId,
          ...(owner.merchantId === undefined ? {} : { merchantid: owner.merchantId }),
        };
        return { shard, position, commandId, text: JSON.stringify(envelope), owner };
      });
      events.push(...written);
      const frame = { shard, from: written[0]?.position ?? 0n, to: written.at(-1)?.position ?? 0n, commandId, events: written };
      if (options.fed !== false) onFrame(frame);
      return frame;
    },
  };
}

export type Rehearsal = Awaited<ReturnType<typeof rehearse>>;

/** A hub's `/ws` over a log in memory. Tickets are the sessions themselves, as JSON; each works once. */
export async function rehearse(options: Partial<Pick<RealtimeOptions, "authenticate" | "limits" | "now" | "origins" | "index">> = {}) {
  const log = createMemoryLog();
  const errors: unknown[] = [];
  const used = new Set<string>();
  const server = createHttpServer({ onError: (error) => errors.push(error) });
  const realtime = createRealtime({
    server,
    from: { epoch: EPOCH, positions: log.heads() },
    index: log.index,
    onError: (error) => errors.push(error),
    async authenticate(ticket) {
      if (used.has(ticket) || !ticket.startsWith("{")) return undefined;
      used.add(ticket);
      return JSON.parse(ticket) as SocketSession;
    },
    ...options,
  });
  log.feedTo(realtime.onFrame);
  const listening = await server.listen(0, "127.0.0.1");
  if ("refused" in listening) throw new Error(listening.refused);
  return {
    log,
    realtime,
    server,
    errors,
    url: `ws://127.0.0.1:${listening.port}/ws`,
    port: listening.port,
    async close() {
      realtime.close();
      await server.close();
    },
  };
}

let tickets = 0;

export function ticket(session: Partial<SocketSession> = {}): string {
  const whole: SocketSession = { organizerId: "org_1", merchantId: "mer_1", deviceId: `dev_${++tickets}`, capabilities: ALL, expiresAt: Date.now() + 600_000, ...session };
  return JSON.stringify({ ...whole, nonce: ++tickets });
}

export function helloText(more: Record<string, unknown> = {}): string {
  return JSON.stringify({ type: "hello", protocol: PROTOCOL_VERSION, ticket: ticket(), ...more });
}

/** A screen: says the first thing (a hello, mostly), checks every message against the protocol, and keeps what it applied. */
export class Screen {
  readonly messages: Down[] = [];
  readonly applied: { readonly to: string; readonly ids: readonly string[]; readonly types: readonly string[] }[] = [];
  readonly steps: string[] = [];
  readonly closed: Promise<number>;
  following: Following;
  #socket: WebSocket;

  constructor(url: string, first: string | Uint8Array<ArrayBuffer> | undefined, cursor?: Cursor) {
    this.following = follow(cursor);
    this.#socket = new WebSocket(url);
    this.closed = new Promise((resolve) => this.#socket.addEventListener("close", (event) => resolve(event.code)));
    this.#socket.addEventListener("error", () => undefined);
    this.#socket.addEventListener("open", () => {
      if (first !== undefined) this.#socket.send(first);
    });
    this.#socket.addEventListener("message", (event) => this.#receive(down.parse(JSON.parse(String(event.data)))));
  }

  get cursor(): Cursor | undefined {
    return this.following.cursor;
  }

  get ids(): readonly string[] {
    return this.applied.flatMap((frame) => frame.ids);
  }

  of<T extends Down["type"]>(type: T): Extract<Down, { type: T }>[] {
    return this.messages.filter((message): message is Extract<Down, { type: T }> => message.type === type);
  }

  async got(type: Down["type"], timeoutMs = 10_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (this.of(type).length === 0) {
      if (Date.now() > until) throw new Error(`no ${type}; got ${this.messages.map((message) => message.type).join(" ")}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  close(): void {
    // Node's own client never tells the end of a socket that was closed before it was open.
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.addEventListener("open", () => this.#socket.close());
    else this.#socket.close();
  }

  #receive(message: Down): void {
    this.messages.push(message);
    // Without a cursor of its own this screen holds what the hub says it stands at.
    if (message.type === "caughtUp" && this.following.cursor === undefined) this.following = { ...this.following, cursor: message.cursor };
    const { next, step } = receive(this.following, message);
    this.following = next;
    if (step.do !== "nothing") this.steps.push(step.do);
    if (step.do === "apply") this.applied.push({ to: step.frame.to, ids: step.frame.events.map((event) => event.id), types: step.frame.events.map((event) => event.type) });
    if (step.do === "reconnect") this.close();
  }
}

/** A socket that speaks the protocol by hand: it can stop reading, lie, and be cut. */
export async function rawSocket(port: number): Promise<NetSocket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(upgradeRequest(port));
  await new Promise((resolve) => socket.once("data", resolve));
  return socket;
}

export function upgradeRequest(port: number, headers: Readonly<Record<string, string>> = {}): string {
  const all = { host: `127.0.0.1:${port}`, upgrade: "websocket", connection: "Upgrade", "sec-websocket-key": randomBytes(16).toString("base64"), "sec-websocket-version": "13", ...headers };
  return `GET /ws HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** A text frame as a client sends it. */
export function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const key = randomBytes(4);
  const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, key, payload.map((byte, place) => byte ^ (key[place % 4] ?? 0))]);
}
