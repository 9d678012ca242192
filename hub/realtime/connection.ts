import type { Socket, Upgrade } from "#hub/transport/socket.ts";
import { shardOf } from "#shared/shards.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import type { ByeReason, Down, RefusalCode } from "#shared/protocol/down.ts";
import { merchantRoom, organizerRoom } from "#shared/protocol/rooms.ts";
import { maySee, TOPICS } from "#shared/protocol/topics.ts";
import { hello as helloSchema, up, type Hello } from "#shared/protocol/up.ts";
import { CLOSE_CODES, PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { Audience, Audiences } from "./audiences.ts";
import { catchUp, type CatchUpOptions, type Reader } from "./catch-up.ts";
import { bitOfTopic, encodeRest, topicNames, withoutSeq, type RoomFrame, type TopicBits } from "./frames.ts";
import type { RealtimeLimits } from "./limits.ts";
import type { Authenticate, Owner, SocketSession } from "./types.ts";

/** What all sockets of a hub share. */
export type ConnectionHost = {
  readonly limits: RealtimeLimits;
  readonly audiences: Audiences;
  readonly catchUp: CatchUpOptions;
  readonly authenticate: Authenticate;
  now(): number;
  onError(error: unknown): void;
  /** A ticket was good. False when the session has been ended meanwhile. */
  onSession(connection: Connection): boolean;
  onClosed(connection: Connection): void;
  count(what: "refused" | "snapshots" | "resumed" | "slow"): void;
};

type State = "opened" | "authenticating" | "catching-up" | "live" | "closed";

/** One socket of a device, from opening to close. It never talks after it was closed. */
export class Connection {
  readonly upgrade: Upgrade;
  #host: ConnectionHost;
  #socket: Socket<Connection> | undefined;
  #state: State = "opened";
  #session: SocketSession | undefined;
  #topics: TopicBits = 0;
  #audience: Audience | undefined;
  #askedAt = 0;
  #held: readonly Owner[] = [];
  #slow = false;
  #helloTimer: NodeJS.Timeout | undefined;
  #onReady: (() => void) | undefined;
  #allowance: number;
  #allowanceAt: number;

  constructor(host: ConnectionHost, upgrade: Upgrade) {
    this.#host = host;
    this.upgrade = upgrade;
    this.#allowance = host.limits.messageBurst;
    this.#allowanceAt = host.now();
  }

  get session(): SocketSession | undefined {
    return this.#session;
  }

  /** When the ticket was handed over. */
  get askedAt(): number {
    return this.#askedAt;
  }

  get state(): State {
    return this.#state;
  }

  /** Bytes that the other end has not taken yet. */
  get buffered(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  opened(socket: Socket<Connection>): void {
    this.#socket = socket;
    this.#helloTimer = setTimeout(() => this.refuse("hello-late"), this.#host.limits.helloMs);
  }

  received(bytes: ArrayBuffer, isBinary: boolean): void {
    if (this.#state === "closed") return;
    if (!this.#mayTalk()) return this.refuse("too-many-messages");
    const value = isBinary ? undefined : parse(bytes);
    if (typeof value !== "object" || value === null) return this.refuse("bad-message");
    const { type, protocol } = value as { type?: unknown; protocol?: unknown };
    if (type === "hello") {
      if (this.#state !== "opened") return this.refuse("hello-twice");
      // Before anything else of it is read: another version's hello may look different.
      if (protocol !== PROTOCOL_VERSION) return this.refuse("protocol");
      return this.#hello(value);
    }
    const message = up.safeParse(value);
    if (!message.success) return this.refuse("bad-message");
    if (this.#state === "opened") return this.refuse("hello-first");
    this.sendHeartbeat();
  }

  /** The socket's buffer went down. */
  drained(): void {
    if ((this.#socket?.getBufferedAmount() ?? 0) <= this.#host.limits.bufferedBytes / 4) this.#onReady?.();
  }

  /** A message was dropped; uWS closes the socket, and the numbering tells the client that one is missing (RT-3). */
  dropped(): void {
    if (this.#slow) return;
    this.#slow = true;
    this.#host.count("slow");
  }

  closed(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#socket = undefined;
    clearTimeout(this.#helloTimer);
    this.#onReady?.();
    if (this.#audience !== undefined) this.#host.audiences.leave(this.#audience);
    for (const owner of this.#held) this.#host.catchUp.log.release(owner, this.#host.now());
    this.#host.onClosed(this);
  }

  refuse(code: RefusalCode): void {
    this.#host.count("refused");
    this.#send({ type: "refused", code, ...(code === "protocol" ? { protocol: PROTOCOL_VERSION } : {}) });
    this.#end(CLOSE_CODES.refused, code);
  }

  bye(reason: ByeReason): void {
    this.#send({ type: "bye", reason });
    this.#end(BYE_CODES[reason], reason);
  }

  /** To this socket alone: a live one gets its audience's, which also say how far they go. */
  sendHeartbeat(): void {
    this.#send({ type: "heartbeat", serverTime: new Date(this.#host.now()).toISOString() });
  }

  #hello(value: object): void {
    const { message, malformedCursor } = readHello(value);
    if (message === undefined) return this.refuse("bad-message");
    const asked = message.topics?.map(bitOfTopic);
    if (asked?.includes(undefined)) return this.refuse("unknown-topic");
    this.#state = "authenticating";
    this.#askedAt = this.#host.now();
    clearTimeout(this.#helloTimer);
    this.#admit(message, malformedCursor, asked).catch((error: unknown) => {
      this.#host.onError(error);
      this.bye("unavailable");
    });
  }

  async #admit(message: Hello, malformedCursor: boolean, asked: readonly (TopicBits | undefined)[] | undefined): Promise<void> {
    const session = await this.#host.authenticate(message.ticket);
    if (this.#state === "closed") return;
    if (session === undefined || session.expiresAt <= this.#host.now()) return this.refuse("ticket");
    this.#session = session;
    if (!this.#host.onSession(this)) return this.bye("session-ended");
    this.#topics = grantedTopics(session, asked);
    this.#state = "catching-up";
    const owners: readonly Owner[] = [{ organizerId: session.organizerId, merchantId: session.merchantId }, { organizerId: session.organizerId }];
    for (const owner of owners) this.#host.catchUp.log.hold(owner);
    this.#held = owners;
    await this.#follow(message.cursor, malformedCursor, owners);
  }

  async #follow(cursor: Cursor | undefined, malformedCursor: boolean, owners: readonly Owner[]): Promise<void> {
    const host = this.#host;
    const now = this.#cursorNow();
    this.#send({
      type: "welcome",
      protocol: PROTOCOL_VERSION,
      epoch: now.epoch,
      serverTime: new Date(host.now()).toISOString(),
      cursor: now,
      rooms: owners.map((owner) => (owner.merchantId === undefined ? organizerRoom(owner.organizerId) : merchantRoom(owner.merchantId))),
      topics: [...topicNames(this.#topics)],
    });
    const start = malformedCursor ? "malformed" : startOf(cursor, now);
    if (typeof start === "string") return this.#withoutPast(start);
    const reader: Reader = {
      owners,
      isOpen: () => this.#state !== "closed",
      send: (frame) => this.#sendFrame(frame),
      ready: () => this.#ready(),
      goLive: () => this.#goLive(),
    };
    const end = await catchUp(reader, start, host.catchUp);
    if (end === "too-old" || end === "ahead") this.#withoutPast(end);
    else if (end === "live" && cursor !== undefined) host.count("resumed");
  }

  /** The cursor cannot be served: live from now on, and the client takes a snapshot. */
  #withoutPast(reason: "malformed" | "other-epoch" | "too-old" | "ahead"): void {
    if (this.#state === "closed") return;
    this.#host.count("snapshots");
    this.#send({ type: "snapshotRequired", reason });
    this.#goLive();
  }

  #goLive(): void {
    const { session } = this;
    if (session === undefined || this.#socket === undefined) return;
    const audience = this.#host.audiences.join(session, this.#topics);
    this.#audience = audience;
    this.#state = "live";
    this.#send({ type: "caughtUp", cursor: this.#cursorNow(), seq: audience.seq });
    this.#socket?.subscribe(audience.key);
  }

  /** Where the feed stands on the shards that concern this socket. */
  #cursorNow(): Cursor {
    const { log } = this.#host.catchUp;
    const { session } = this;
    const shards = session === undefined ? [] : [shardOf(session.merchantId), shardOf(session.organizerId)];
    return { epoch: log.epoch(), positions: Object.fromEntries(shards.map((shard) => [String(shard), String(log.fed(shard))])) };
  }

  #sendFrame(frame: RoomFrame): void {
    const rest = encodeRest(frame, this.#topics & frame.topics);
    if (rest !== undefined) this.#write(withoutSeq(rest));
  }

  #send(message: Down): void {
    this.#write(JSON.stringify(message));
  }

  #write(text: string): void {
    if (this.#socket?.send(text) === 2) this.dropped();
  }

  async #ready(): Promise<void> {
    const { bufferedBytes, stalledMs } = this.#host.limits;
    if (this.#socket === undefined || this.#socket.getBufferedAmount() <= bufferedBytes / 2) return;
    const timer = setTimeout(() => {
      this.dropped();
      this.#socket?.close();
    }, stalledMs);
    await new Promise<void>((resolve) => (this.#onReady = resolve));
    this.#onReady = undefined;
    clearTimeout(timer);
  }

  #mayTalk(): boolean {
    const { messageBurst, messagesPerSecond } = this.#host.limits;
    const now = this.#host.now();
    this.#allowance = Math.min(messageBurst, this.#allowance + ((now - this.#allowanceAt) / 1000) * messagesPerSecond);
    this.#allowanceAt = now;
    this.#allowance--;
    return this.#allowance >= 0;
  }

  #end(code: number, reason: string): void {
    const socket = this.#socket;
    // uWS calls `closed` from within end().
    socket?.end(code, reason);
  }
}

const BYE_CODES: Readonly<Record<ByeReason, number>> = {
  "shutting-down": CLOSE_CODES.shuttingDown,
  "session-ended": CLOSE_CODES.sessionEnded,
  "session-expired": CLOSE_CODES.sessionEnded,
  replaced: CLOSE_CODES.sessionEnded,
  resume: CLOSE_CODES.resume,
  unavailable: CLOSE_CODES.unavailable,
};

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A hello that is right but for its cursor is welcome: its owner needs a snapshot, not a refusal. */
function readHello(value: object): { readonly message: Hello | undefined; readonly malformedCursor: boolean } {
  const whole = helloSchema.safeParse(value);
  if (whole.success) return { message: whole.data, malformedCursor: false };
  if (!whole.error.issues.every((issue) => issue.path[0] === "cursor")) return { message: undefined, malformedCursor: false };
  const { cursor: _, ...rest } = value as { cursor?: unknown };
  return { message: helloSchema.safeParse(rest).data, malformedCursor: true };
}

function grantedTopics(session: SocketSession, asked: readonly (TopicBits | undefined)[] | undefined): TopicBits {
  const capabilities = new Set(session.capabilities);
  const wanted = asked === undefined ? -1 : asked.reduce<TopicBits>((bits, bit) => bits | (bit ?? 0), 0);
  return TOPICS.reduce<TopicBits>((bits, topic) => (maySee(topic, capabilities) ? bits | (bitOfTopic(topic.name) ?? 0) : bits), 0) & wanted;
}

/** The positions to read on from: those of the cursor, or of now without one. */
function startOf(cursor: Cursor | undefined, now: Cursor): Map<number, bigint> | "other-epoch" | "malformed" {
  if (cursor !== undefined && cursor.epoch !== now.epoch) return "other-epoch";
  const start = new Map<number, bigint>();
  for (const shard of Object.keys(now.positions)) {
    const position = (cursor ?? now).positions[shard];
    if (position === undefined) return "malformed";
    start.set(Number(shard), BigInt(position));
  }
  return start;
}
