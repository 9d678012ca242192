import { follow, joinSnapshot, receive, type Following } from "#shared/protocol/follow.ts";
import { down, type Down } from "#shared/protocol/down.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { failureOf } from "../api.ts";
import { createStore, type Store } from "../store.ts";
import type { Snapshot } from "./world.ts";
import type { ArrivedFrame, WorldStore } from "./world-store.ts";

type Refused = Extract<Down, { type: "refused" }>;
type FrameMessage = Extract<Down, { type: "frame" }>;

/**
 * - `signed-out`: nobody's session to connect with; nothing is tried until `wake`.
 * - `elsewhere`: another window of this device took the socket.
 * - `outdated`: the hub speaks a newer protocol, or an event came in a newer version: the app has to be loaded anew.
 */
export type ConnectionPhase = "signed-out" | "connecting" | "live" | "elsewhere" | "outdated";
export type ConnectionState = {
  readonly phase: ConnectionPhase;
  /** DOM-12: 5 s without a word from the hub. */
  readonly stale: boolean;
  /** When the hub was last heard, by this device's clock. */
  readonly heardAt: number | null;
};

export type SocketLike = { send(text: string): void; close(): void };
export type SocketHandlers = { opened(): void; message(text: string): void; closed(): void };

export type ConnectionPorts = {
  openSocket(handlers: SocketHandlers): SocketLike;
  /** Fails with `unauthorized` when there is no session. */
  ticket(): Promise<string>;
  snapshot(): Promise<Snapshot>;
  /** The hub ended the session: true when it could be renewed. */
  renewSession(): Promise<boolean>;
  learnTime(serverTime: string): void;
  now(): number;
  random(): number;
  setTimer(action: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
};

export const STALE_AFTER_MS = 5000;
const BACK_OFF_MAX_MS = 2000;
/** A socket that opens and says nothing is no socket. */
const HANDSHAKE_MS = 5000;

/** Keeps one socket alive for ever; every way in which it can fail ends in another attempt or in a named phase. */
export class Connection {
  readonly state: Store<ConnectionState> = createStore<ConnectionState>({ phase: "connecting", stale: false, heardAt: null });
  readonly #ports: ConnectionPorts;
  readonly #world: WorldStore;
  #attempt = 0;
  #failures = 0;
  #running = false;
  #socket: SocketLike | null = null;
  #retryTimer: unknown = null;
  #watchTimer: unknown = null;
  #following: Following = follow(undefined);
  #kept: FrameMessage[] = [];
  #needsSnapshot = false;
  #waitingSince = 0;

  constructor(ports: ConnectionPorts, world: WorldStore) {
    this.#ports = ports;
    this.#world = world;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#waitingSince = this.#ports.now();
    this.#watch();
    void this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#drop();
    this.#ports.clearTimer(this.#retryTimer);
    this.#ports.clearTimer(this.#watchTimer);
  }

  /** The network is back, the page is looked at again, somebody logged in: try now. */
  wake(): void {
    if (!this.#running) return;
    const { phase } = this.state.get();
    if (phase === "live" && this.#heardAgo() < STALE_AFTER_MS) return;
    this.#reconnectNow();
  }

  /** With another person's ticket, from where it stands. */
  reconnect(): void {
    if (this.#running) this.#reconnectNow();
  }

  /** Other rights see other things: what was learnt under the old ones is not enough. */
  takeSnapshot(): void {
    this.#needsSnapshot = true;
    if (this.#running) this.#reconnectNow();
  }

  #reconnectNow(): void {
    this.#drop();
    this.#failures = 0;
    void this.#connect();
  }

  async #connect(): Promise<void> {
    this.#ports.clearTimer(this.#retryTimer);
    const attempt = ++this.#attempt;
    const current = () => this.#running && attempt === this.#attempt;
    if (this.state.get().phase !== "connecting") this.#say({ phase: "connecting" });
    try {
      if (this.#needsSnapshot || this.#world.cursor() === undefined) {
        const snapshot = await this.#ports.snapshot();
        if (!current()) return;
        this.#world.reset(snapshot);
        this.#ports.learnTime(snapshot.serverTime);
        this.#needsSnapshot = false;
      }
      const ticket = await this.#ports.ticket();
      if (!current()) return;
      this.#openSocket(ticket, current);
    } catch (error) {
      if (current()) this.#failed(error);
    }
  }

  #openSocket(ticket: string, current: () => boolean): void {
    this.#following = follow(this.#world.cursor());
    this.#kept = [];
    const handshake = this.#ports.setTimer(() => {
      if (current() && this.state.get().phase !== "live") this.#retry();
    }, HANDSHAKE_MS);
    const socket = this.#ports.openSocket({
      opened: () => {
        if (!current()) return;
        const cursor = this.#following.cursor;
        socket.send(JSON.stringify({ type: "hello", protocol: PROTOCOL_VERSION, ticket, ...(cursor ? { cursor } : {}) }));
      },
      message: (text) => {
        if (!current()) return;
        const message = parseDown(text);
        if (message) this.#receive(message, current);
      },
      closed: () => {
        this.#ports.clearTimer(handshake);
        if (current()) this.#retry();
      },
    });
    this.#socket = socket;
  }

  #receive(message: Down, current: () => boolean): void {
    this.#heard();
    switch (message.type) {
      case "refused":
        return this.#refusedByHub(message);
      case "bye":
        return void this.#goodbye(message.reason, current);
      case "welcome":
        this.#ports.learnTime(message.serverTime);
        break;
      case "heartbeat":
        this.#ports.learnTime(message.serverTime);
        break;
      case "caughtUp":
        this.#failures = 0;
        this.#say({ phase: "live" });
        break;
      default:
    }
    const { next, step } = receive(this.#following, message);
    this.#following = next;
    if (step.do === "apply") this.#apply(step.frame);
    else if (step.do === "keep") this.#kept.push(step.frame);
    else if (step.do === "reconnect") this.#retry();
    else if (step.do === "snapshot") void this.#rejoin(current);
    if ((message.type === "heartbeat" || message.type === "caughtUp") && this.#following.cursor) this.#world.advance(this.#following.cursor);
  }

  #apply(frame: FrameMessage): void {
    const fits = this.#world.apply(arrived(frame));
    if (fits === "applied") return;
    if (fits === "newer") return this.#outdated();
    this.#needsSnapshot = true;
    this.#retry();
  }

  /** The cursor could not be served: a snapshot under the live frames that are being kept (RT-2). */
  async #rejoin(current: () => boolean): Promise<void> {
    try {
      const snapshot = await this.#ports.snapshot();
      if (!current()) return;
      this.#world.reset(snapshot);
      const joined = joinSnapshot(this.#following, snapshot.cursor, this.#kept);
      this.#kept = [];
      if (!joined) return this.#retry();
      for (const frame of joined.apply) {
        this.#apply(frame);
        if (!current()) return;
      }
      this.#following = joined.next;
    } catch (error) {
      if (!current()) return;
      this.#needsSnapshot = true;
      this.#failed(error);
    }
  }

  #refusedByHub({ code, protocol = PROTOCOL_VERSION }: Refused): void {
    // Of a hub that is older than this app another one stands in the place soon: the app was loaded from a newer one.
    if (code === "protocol" && protocol >= PROTOCOL_VERSION) {
      this.#outdated();
      return;
    }
    this.#retry();
  }

  #outdated(): void {
    this.#drop();
    this.#ports.clearTimer(this.#retryTimer);
    this.#say({ phase: "outdated" });
  }

  async #goodbye(reason: string, current: () => boolean): Promise<void> {
    if (reason === "replaced") {
      this.#drop();
      this.#say({ phase: "elsewhere" });
    } else if (reason === "session-ended" || reason === "session-expired") {
      const renewed = await this.#ports.renewSession().catch(() => true);
      if (!current()) return;
      if (renewed) this.#retry();
      else this.#signedOut();
    } else this.#retry();
  }

  #failed(error: unknown): void {
    // Failure 20 (spins for ever after a silent loss of its login): without a session nothing is tried, and the screen says so.
    if (failureOf(error).kind === "unauthorized") this.#signedOut();
    else this.#retry();
  }

  #signedOut(): void {
    this.#drop();
    this.#say({ phase: "signed-out", stale: false });
  }

  #retry(): void {
    this.#drop();
    this.#failures += 1;
    if (this.state.get().phase !== "connecting") this.#say({ phase: "connecting" });
    const ceiling = Math.min(BACK_OFF_MAX_MS, 150 * 2 ** Math.min(this.#failures, 6));
    this.#ports.clearTimer(this.#retryTimer);
    this.#retryTimer = this.#ports.setTimer(() => void this.#connect(), ceiling * (0.5 + this.#ports.random() / 2));
  }

  #drop(): void {
    this.#attempt += 1;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #watch(): void {
    this.#watchTimer = this.#ports.setTimer(() => {
      if (!this.#running) return;
      const { phase, stale } = this.state.get();
      const silent = phase !== "signed-out" && this.#heardAgo() > STALE_AFTER_MS;
      if (silent !== stale) this.#say({ stale: silent });
      if (silent && phase === "live") this.#retry();
      this.#watch();
    }, 500);
  }

  #heardAgo(): number {
    return this.#ports.now() - (this.state.get().heardAt ?? this.#waitingSince);
  }

  #heard(): void {
    this.#say({ heardAt: this.#ports.now(), stale: false });
  }

  #say(change: Partial<ConnectionState>): void {
    if (change.phase === "signed-out") this.#waitingSince = this.#ports.now();
    this.state.set({ ...this.state.get(), ...change });
  }
}

function parseDown(text: string): Down | undefined {
  try {
    const parsed = down.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function arrived(frame: FrameMessage): ArrivedFrame {
  return { shard: frame.shard, to: frame.to, commandId: frame.commandId, events: frame.events as unknown as readonly EventEnvelope[] };
}
