import { createServer, type Server, type Socket } from "node:net";
import type { Mood } from "./moods.ts";
import { PaperFeed } from "./paper.ts";
import type { SlipTray } from "./slips.ts";
import { automaticStatus, realTimeAnswer, type Trouble } from "./status.ts";
import { type Token, Tokenizer } from "./tokens.ts";

export type PrinterOptions = {
  readonly name: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** 576 is 80 mm paper, 384 is 58 mm. */
  readonly dots?: number;
  /** False for an older model that ignores GS ( H. */
  readonly processId?: boolean;
};

/** Without a cutter, paper that rests this long is a slip. */
const REST_MS = 700;

/** One printer on one port: takes one connection at a time, prints into the tray, and fails on demand. */
export class SimulatedPrinter {
  readonly name: string;
  readonly #options: PrinterOptions;
  readonly #tray: SlipTray;
  readonly #feed: PaperFeed;
  #server: Server | undefined;
  #port: number;
  #mood: Mood = { mood: "ok" };
  #connection: Connection | undefined;
  #waiting: Token[] = [];
  #rest: NodeJS.Timeout | undefined;
  #drawerKicks = 0;
  #connections = 0;
  #met = 0;

  constructor(options: PrinterOptions, tray: SlipTray) {
    this.name = options.name;
    this.#options = options;
    this.#port = options.port;
    this.#tray = tray;
    this.#feed = new PaperFeed(options.dots ?? 576);
  }

  get state() {
    return {
      name: this.name,
      port: this.#port,
      mood: this.#mood,
      connected: this.#connection !== undefined,
      connections: this.#connections,
      waitingCommands: this.#waiting.length,
      drawerKicks: this.#drawerKicks,
      /** How often somebody came upon the mood since it was set; a closed port sees nobody. */
      met: this.#met,
    };
  }

  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "0.0.0.0", resolve);
    });
    const address = server.address();
    if (typeof address === "object" && address) this.#port = address.port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    clearTimeout(this.#rest);
    this.#connection?.socket.resetAndDestroy();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async setMood(mood: Mood): Promise<void> {
    const before = this.#mood;
    this.#mood = mood;
    this.#met = 0;
    if (mood.mood === "offline") await this.close();
    else await this.open();
    this.#connection?.startCounting();
    if (before.mood === "stall") this.#connection?.catchUp();
    this.#tellTrouble();
    this.#printWaiting();
  }

  #accept(socket: Socket): void {
    this.#connections++;
    // As most printers do: the second caller is turned away.
    if (this.#connection) {
      socket.resetAndDestroy();
      return;
    }
    const connection = new Connection(socket, () => this.#mood, () => this.#met++, (tokens) => this.#receive(tokens));
    this.#connection = connection;
    socket.on("error", () => undefined);
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      if (this.#connection === connection) this.#connection = undefined;
      this.#tearOffSoon();
    });
  }

  #receive(tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (token.kind === "real-time-status") this.#answer(realTimeAnswer(token.n, this.#trouble()));
      else this.#waiting.push(token);
    }
    this.#tellTrouble();
    this.#printWaiting();
  }

  #trouble(): Trouble {
    const mood = this.#mood;
    const received = this.#connection?.received ?? Number.MAX_SAFE_INTEGER;
    if (mood.mood !== "cover-open" && mood.mood !== "paper-out") return "none";
    return received >= mood.afterBytes ? mood.mood : "none";
  }

  /** A printer with its cover open, or stalled, keeps what it was sent for later. */
  #printWaiting(): void {
    const stalled = this.#mood.mood === "stall" && (this.#connection?.stalled ?? true);
    if (stalled || this.#trouble() !== "none") return;
    for (const token of this.#waiting.splice(0)) this.#print(token);
    this.#tearOffSoon();
  }

  #print(token: Token): void {
    switch (token.kind) {
      case "automatic-status":
        if (this.#connection) this.#connection.automatic = token.n !== 0;
        if (token.n !== 0) this.#answer(automaticStatus(this.#trouble()));
        return;
      case "transmit-status":
        return this.#answer(Uint8Array.of(0x00));
      case "process-id":
        if (this.#options.processId !== false) this.#answer(Uint8Array.of(0x37, 0x22, ...token.id, 0x00));
        return;
      case "cut":
        if (this.#feed.touched) this.#tearOff(true);
        return;
      case "drawer":
        this.#drawerKicks++;
        return this.#feed.print(token);
      case "init":
        if (this.#connection) this.#connection.automatic = false;
        if (this.#feed.onlyKicked) this.#tearOff(false);
        return this.#feed.print(token);
      default:
        return this.#feed.print(token);
    }
  }

  #tellTrouble(): void {
    const connection = this.#connection;
    if (!connection?.automatic) return;
    const trouble = this.#trouble();
    if (trouble === connection.toldTrouble) return;
    connection.toldTrouble = trouble;
    this.#answer(automaticStatus(trouble));
  }

  #answer(bytes: Uint8Array): void {
    const connection = this.#connection;
    const mood = this.#mood;
    if (mood.mood === "late" || mood.mood === "answer-twice" || mood.mood === "silent" || this.#trouble() !== "none") this.#met++;
    if (!connection || mood.mood === "silent" || (mood.mood === "stall" && connection.stalled)) return;
    const times = mood.mood === "answer-twice" ? 2 : 1;
    for (let i = 0; i < times; i++) connection.answerAfter(bytes, mood.mood === "late" ? mood.ms : 0);
  }

  #tearOffSoon(): void {
    clearTimeout(this.#rest);
    if (!this.#feed.touched) return;
    this.#rest = setTimeout(() => {
      if (this.#feed.touched && this.#waiting.length === 0) this.#tearOff(false);
    }, REST_MS);
  }

  #tearOff(cut: boolean): void {
    this.#tray.add(this.name, this.#feed.take(cut), this.#options.dots ?? 576);
  }
}

/** The bytes of one caller, counted, held back or cut short as the mood says. */
class Connection {
  readonly socket: Socket;
  readonly #mood: () => Mood;
  readonly #meets: () => void;
  readonly #receive: (tokens: readonly Token[]) => void;
  readonly #tokenizer = new Tokenizer();
  #held: Uint8Array[] = [];
  received = 0;
  automatic = false;
  toldTrouble: Trouble = "none";

  constructor(socket: Socket, mood: () => Mood, meets: () => void, receive: (tokens: readonly Token[]) => void) {
    this.socket = socket;
    this.#mood = mood;
    this.#meets = meets;
    this.#receive = receive;
    socket.on("data", (bytes) => this.#take(bytes));
  }

  get stalled(): boolean {
    const mood = this.#mood();
    return mood.mood === "stall" && this.received >= mood.afterBytes;
  }

  startCounting(): void {
    this.received = 0;
  }

  /** Reads what came while it was stalled. */
  catchUp(): void {
    for (const bytes of this.#held.splice(0)) this.#receive(this.#tokenizer.push(bytes));
  }

  answerAfter(bytes: Uint8Array, ms: number): void {
    if (ms === 0) this.socket.write(bytes);
    else setTimeout(() => this.socket.writable && this.socket.write(bytes), ms);
  }

  #take(bytes: Uint8Array): void {
    const mood = this.#mood();
    if (mood.mood === "stall") {
      const room = Math.max(mood.afterBytes - this.received, 0);
      this.received += bytes.length;
      if (room > 0) this.#receive(this.#tokenizer.push(bytes.subarray(0, room)));
      if (bytes.length > room) {
        this.#meets();
        this.#held.push(bytes.subarray(room));
      }
      return;
    }
    if (mood.mood === "reset-after-bytes" && this.received + bytes.length >= mood.bytes) {
      const kept = bytes.subarray(0, Math.max(mood.bytes - this.received, 0));
      this.received += bytes.length;
      this.#receive(this.#tokenizer.push(kept));
      this.#meets();
      this.socket.resetAndDestroy();
      return;
    }
    this.received += bytes.length;
    this.#receive(this.#tokenizer.push(bytes));
  }
}
