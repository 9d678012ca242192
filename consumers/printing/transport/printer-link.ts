import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Cause, automaticCause } from "./causes.ts";
import { type PrinterAnswer, StatusParser } from "./status-parser.ts";

type Waiter = { readonly wants: (answer: PrinterAnswer) => boolean; readonly settle: (result: PrinterAnswer | "timeout" | "closed") => void };

/** One TCP connection to a printer: bytes out, answers in. A connection that is over never comes back. */
export class PrinterLink {
  readonly #socket: Socket;
  readonly #parser = new StatusParser();
  readonly #waiters = new Set<Waiter>();
  readonly #closed: Promise<void>;
  #isClosed = false;
  #heardAt = performance.now();
  /** What automatic status said last; undefined before it said anything. */
  automatic: Cause | null | undefined;
  /** Whether DLE EOT was ever answered on this connection. */
  answersRealTime = false;
  onAnswer: ((answer: PrinterAnswer) => void) | undefined;
  onClosed: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 10_000);
    socket.on("data", (bytes) => this.#receive(bytes));
    socket.on("error", () => undefined);
    socket.on("end", () => socket.destroy());
    this.#closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#isClosed = true;
        for (const waiter of this.#waiters) waiter.settle("closed");
        this.onClosed?.();
        resolve();
      });
    });
  }

  get closed(): boolean {
    return this.#isClosed || this.#socket.destroyed;
  }

  /** Resolves when the bytes have left for the network, which says nothing about the printer. */
  write(bytes: Uint8Array, stallMs: number): Promise<"ok" | "closed" | "stalled"> {
    return new Promise((resolve) => {
      if (this.closed) return resolve("closed");
      const timer = setTimeout(() => resolve("stalled"), stallMs);
      void this.#closed.then(() => {
        clearTimeout(timer);
        resolve("closed");
      });
      this.#socket.write(bytes, (error) => {
        clearTimeout(timer);
        resolve(error ? "closed" : "ok");
      });
    });
  }

  /** The first answer from now on that `wants` takes. Ask before writing the question. */
  next(wants: (answer: PrinterAnswer) => boolean, ms: number): Promise<PrinterAnswer | "timeout" | "closed"> {
    return new Promise((resolve) => {
      if (this.closed) return resolve("closed");
      const waiter: Waiter = {
        wants,
        settle: (result) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(result);
        },
      };
      const timer = setTimeout(() => waiter.settle("timeout"), ms);
      this.#waiters.add(waiter);
    });
  }

  /** Resolves when nothing was heard for `ms`; at once when that is so already. */
  async quiet(ms: number): Promise<void> {
    const left = ms - (performance.now() - this.#heardAt);
    if (left > 0) await wait(left);
  }

  /** Half-close: the printer reads to the end and closes its side; one that does not is cut off after `ms`. */
  async finish(ms: number): Promise<void> {
    if (this.closed) return this.#closed;
    const timer = setTimeout(() => this.#socket.destroy(), ms);
    this.#socket.end();
    await this.#closed;
    clearTimeout(timer);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Uint8Array): void {
    this.#heardAt = performance.now();
    for (const answer of this.#parser.push(bytes)) {
      if (answer.kind === "automatic") this.automatic = automaticCause(answer.bytes);
      if (answer.kind === "real-time") this.answersRealTime = true;
      this.onAnswer?.(answer);
      for (const waiter of this.#waiters) {
        if (waiter.wants(answer)) waiter.settle(answer);
      }
    }
  }
}

/** Undefined when nobody answers at the address in time. */
export function openLink(host: string, port: number, connectMs: number): Promise<PrinterLink | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const fail = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(undefined);
    };
    const timer = setTimeout(fail, connectMs);
    socket.on("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(new PrinterLink(socket));
    });
  });
}
