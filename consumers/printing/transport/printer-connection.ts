import { setTimeout as wait } from "node:timers/promises";
import { processId, realTimeStatus, TRANSMIT_STATUS } from "../escpos/commands.ts";
import type { StatusAbility } from "../escpos/profiles.ts";
import { type Cause, isOffline, offlineCause } from "./causes.ts";
import { openLink, type PrinterLink } from "./printer-link.ts";
import type { PrinterAnswer } from "./status-parser.ts";

/** How a job ended. `bytesSent` counts what was handed to the network: only 0 may be sent again by itself (PRN-4). */
export type SendOutcome =
  | { readonly outcome: "printed" | "sent"; readonly bytesSent: number }
  | { readonly outcome: "unknown"; readonly bytesSent: number; readonly cause: Cause }
  | { readonly outcome: "failed"; readonly bytesSent: 0; readonly cause: Cause | "not-allowed" };

export type PrintRequest = {
  readonly bytes: Uint8Array;
  /** Four printable characters that the printer gives back when it has printed. */
  readonly processId: string;
  /** Asked once, right before the first byte leaves; false sends nothing. */
  mayStart(): Promise<boolean>;
  readonly signal: AbortSignal;
};

export type Timing = {
  readonly connectMs: number;
  readonly answerMs: number;
  /** Quiet time before a question, so that a late or doubled answer is not taken for its own. */
  readonly settleMs: number;
  readonly stallMs: number;
  readonly completionMs: number;
  /** How long a printer with its cover open may keep a job that it has taken. */
  readonly troubleMs: number;
  readonly pollMs: number;
  readonly idleMs: number;
  readonly reopenMs: number;
  readonly halfCloseMs: number;
};

export const TIMING: Timing = {
  connectMs: 2_000,
  answerMs: 1_000,
  settleMs: 30,
  stallMs: 5_000,
  completionMs: 15_000,
  troubleMs: 300_000,
  pollMs: 1_000,
  idleMs: 30_000,
  reopenMs: 200,
  halfCloseMs: 1_000,
};

export type PrinterConnectionOptions = {
  readonly host: string;
  readonly port: number;
  readonly status: StatusAbility;
  readonly timing?: Partial<Timing>;
  /** The printer's own trouble while a job waits in it, null when it is over. */
  onTrouble?(cause: Cause | null): void;
  /** A job was confirmed after its outcome had been given up as unknown. */
  onLateConfirmation?(processId: string): void;
};

type Check =
  | { readonly state: "ready" | "silent" }
  | { readonly state: "trouble"; readonly cause: Cause }
  | { readonly state: "dead"; readonly cause: "link-lost" | "no-answer" };

type Opened = { readonly link: PrinterLink; readonly silent: boolean } | { readonly cause: Cause };

const CHUNK = 4096;

/** One printer, one connection, one job at a time. */
export class PrinterConnection {
  readonly #options: PrinterConnectionOptions;
  readonly #timing: Timing;
  #link: PrinterLink | undefined;
  #closing: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #idleSince = 0;
  #checking: Promise<Opened> | undefined;
  /** A printer that may say nothing has said nothing when it was asked last. */
  #saysNothing = false;
  #awaited: string | undefined;
  #state: "closed" | "connecting" | "ready" | "busy" = "closed";

  constructor(options: PrinterConnectionOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
  }

  get state(): "closed" | "connecting" | "ready" | "busy" {
    return this.#state;
  }

  /** Never throws for what a printer or a network does. */
  async send(request: PrintRequest): Promise<SendOutcome> {
    if (this.#isTaken()) throw new Error("a printer takes one job at a time");
    clearTimeout(this.#idle);
    this.#state = "connecting";
    try {
      return await this.#send(request);
    } finally {
      this.#state = this.#link ? "ready" : "closed";
    }
  }

  /**
   * What keeps an idle printer from printing, null when it is well. Never throws. A job that comes meanwhile does with this answer instead of asking again, and
   * then it is undefined: the job tells. Otherwise what was opened for the question is closed, and what was open stays so for as long as it would have.
   */
  async check(): Promise<Cause | null | undefined> {
    if (this.#isTaken() || this.#checking) return undefined;
    clearTimeout(this.#idle);
    const wasOpen = this.#link !== undefined;
    this.#checking = this.#openAndCheck(this.#saysNothing ? "open" : "ask");
    const found = await this.#checking;
    this.#checking = undefined;
    if (this.#isTaken()) return undefined;
    this.#state = this.#link ? "ready" : "closed";
    if (wasOpen) this.#closeWhenIdle(this.#idleSince);
    else await this.close();
    return "cause" in found ? found.cause : null;
  }

  #isTaken(): boolean {
    return this.#state === "busy" || this.#state === "connecting";
  }

  async #send(request: PrintRequest): Promise<SendOutcome> {
    const ready = await (this.#checking ?? this.#openAndCheck());
    if ("cause" in ready) {
      this.#closeWhenIdle();
      return { outcome: "failed", bytesSent: 0, cause: ready.cause };
    }
    this.#state = "busy";
    const outcome = await this.#transfer(ready.link, ready.silent, request);
    if (outcome.outcome === "unknown") this.#drop();
    if (this.#options.status.realTime === "none" || ready.silent) void this.close();
    else this.#closeWhenIdle();
    return outcome;
  }

  /** Half-closes, then keeps the printer's port free for a moment: one lost jobs when it was opened again at once. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const link = this.#link;
    if (link) {
      this.#link = undefined;
      this.#closing = link.finish(this.#timing.halfCloseMs).then(() => wait(this.#timing.reopenMs));
    }
    if (this.#state === "ready") this.#state = "closed";
    await this.#closing;
  }

  #drop(): void {
    const link = this.#link;
    if (!link) return;
    this.#link = undefined;
    link.destroy();
    this.#closing = wait(this.#timing.reopenMs);
  }

  #closeWhenIdle(since = performance.now()): void {
    if (!this.#link) return;
    this.#idleSince = since;
    this.#idle = setTimeout(() => void this.close(), this.#timing.idleMs - (performance.now() - since));
    this.#idle.unref();
  }

  /** A connection that was left idle may be dead without a word: then a new one is tried before the printer is blamed. */
  async #openAndCheck(how: "ask" | "open" = "ask"): Promise<Opened> {
    for (let attempt = this.#link && !this.#link.closed ? 0 : 1; ; attempt++) {
      const link = await this.#open();
      if (!link) return { cause: "unreachable" };
      const check: Check = how === "open" ? { state: "silent" } : await this.#check(link);
      this.#saysNothing = check.state === "silent";
      if (!("cause" in check)) return { link, silent: this.#saysNothing };
      if (check.state === "trouble") return { cause: check.cause };
      this.#drop();
      if (attempt > 0) return { cause: check.cause };
    }
  }

  async #open(): Promise<PrinterLink | undefined> {
    if (this.#link && !this.#link.closed) return this.#link;
    this.#drop();
    await this.#closing;
    const link = await openLink(this.#options.host, this.#options.port, this.#timing.connectMs);
    if (!link) return undefined;
    link.onAnswer = (answer) => {
      if (answer.kind === "process-id" && answer.id !== this.#awaited) this.#options.onLateConfirmation?.(answer.id);
    };
    this.#link = link;
    return link;
  }

  async #check(link: PrinterLink): Promise<Check> {
    const { realTime } = this.#options.status;
    if (realTime === "none") return { state: "silent" };
    const answer = await this.#ask(link, 1);
    if (answer === "closed") return { state: "dead", cause: "link-lost" };
    if (answer === "timeout") {
      const maySayNothing = realTime === "probe" && !link.answersRealTime;
      return maySayNothing ? { state: "silent" } : { state: "dead", cause: "no-answer" };
    }
    if (!isOffline(answer)) return { state: "ready" };
    return { state: "trouble", cause: await this.#findCause(link) };
  }

  async #findCause(link: PrinterLink): Promise<Cause> {
    const found: number[] = [];
    for (const n of [2, 3, 4] as const) {
      const answer = await this.#ask(link, n);
      if (typeof answer !== "number") return "offline";
      found.push(answer);
    }
    const [offline = 0, error = 0, paper = 0] = found;
    return offlineCause(offline, error, paper);
  }

  /** Never while a job's bytes are on their way. */
  async #ask(link: PrinterLink, n: 1 | 2 | 3 | 4): Promise<number | "timeout" | "closed"> {
    await link.quiet(this.#timing.settleMs);
    const answer = link.next((candidate) => candidate.kind === "real-time", this.#timing.answerMs);
    await link.write(realTimeStatus(n), this.#timing.answerMs);
    const given = await answer;
    return typeof given === "object" && given.kind === "real-time" ? given.byte : given === "closed" ? "closed" : "timeout";
  }

  async #transfer(link: PrinterLink, silent: boolean, request: PrintRequest): Promise<SendOutcome> {
    const allowed = await request.mayStart();
    if (!allowed) return { outcome: "failed", bytesSent: 0, cause: "not-allowed" };
    if (request.signal.aborted) return { outcome: "failed", bytesSent: 0, cause: "stopped" };
    if (link.closed) {
      this.#drop();
      return { outcome: "failed", bytesSent: 0, cause: "link-lost" };
    }
    let bytesSent = 0;
    for (let at = 0; at < request.bytes.length; at += CHUNK) {
      const chunk = request.bytes.subarray(at, at + CHUNK);
      bytesSent += chunk.length;
      const written = await link.write(chunk, this.#timing.stallMs);
      if (written === "closed") return { outcome: "unknown", bytesSent, cause: link.automatic ?? "link-lost" };
      if (written === "stalled") return { outcome: "unknown", bytesSent, cause: link.automatic ?? "stalled" };
    }
    return { ...(await this.#confirm(link, silent, request)), bytesSent };
  }

  async #confirm(
    link: PrinterLink,
    silent: boolean,
    request: PrintRequest,
  ): Promise<{ outcome: "printed" | "sent" } | { outcome: "unknown"; cause: Cause }> {
    if (silent) return link.closed ? { outcome: "unknown", cause: "link-lost" } : { outcome: "sent" };
    const { completion, realTime } = this.#options.status;
    if (completion === "none") return this.#waitUntilReady(link, request.signal);
    this.#awaited = request.processId;
    const confirmed = link.next(
      (answer) => (completion === "process-id" ? answer.kind === "process-id" && answer.id === request.processId : answer.kind === "transmit-status"),
      this.#timing.completionMs + this.#timing.troubleMs,
    );
    await link.write(completion === "process-id" ? processId(request.processId) : TRANSMIT_STATUS, this.#timing.stallMs);
    const result = await this.#watch(link, confirmed, request.signal);
    this.#awaited = undefined;
    // A printer that is well and does not know the question has most likely printed; nobody can say more.
    if (result.outcome === "unknown" && result.cause === "not-confirmed" && realTime === "probe") return { outcome: "sent" };
    return result;
  }

  /** Waits for the confirmation; meanwhile asks a quiet printer what keeps it, and tells people. */
  async #watch(
    link: PrinterLink,
    confirmed: Promise<PrinterAnswer | "timeout" | "closed">,
    signal: AbortSignal,
  ): Promise<{ outcome: "printed" } | { outcome: "unknown"; cause: Cause }> {
    const begun = performance.now();
    const stopped = aborted(signal);
    let patientUntil = begun + this.#timing.completionMs;
    let told: Cause | null = null;
    const tell = (cause: Cause | null) => {
      if (cause !== told) this.#options.onTrouble?.(cause);
      told = cause;
    };
    for (;;) {
      const news = await Promise.race([confirmed, wait(this.#timing.pollMs, "quiet" as const), stopped]);
      if (typeof news === "object") {
        tell(null);
        return { outcome: "printed" };
      }
      if (news === "closed") return { outcome: "unknown", cause: told ?? "link-lost" };
      if (news === "stopped") return { outcome: "unknown", cause: told ?? "stopped" };
      const check: Check = link.automatic ? { state: "trouble", cause: link.automatic } : await this.#check(link);
      if (check.state === "trouble") {
        tell(check.cause);
        patientUntil = performance.now() + this.#timing.completionMs;
        if (performance.now() - begun > this.#timing.troubleMs) return { outcome: "unknown", cause: check.cause };
        continue;
      }
      tell(null);
      if (performance.now() < patientUntil) continue;
      return { outcome: "unknown", cause: check.state === "dead" ? check.cause : "not-confirmed" };
    }
  }

  /** For printers that confirm nothing: well before and well after is "sent". */
  async #waitUntilReady(link: PrinterLink, signal: AbortSignal): Promise<{ outcome: "sent" } | { outcome: "unknown"; cause: Cause }> {
    const begun = performance.now();
    let told: Cause | null = null;
    for (;;) {
      const check = await this.#check(link);
      if (check.state === "dead") return { outcome: "unknown", cause: told ?? check.cause };
      if (check.state !== "trouble") {
        if (told !== null) this.#options.onTrouble?.(null);
        return { outcome: "sent" };
      }
      if (told !== check.cause) this.#options.onTrouble?.((told = check.cause));
      const tooLong = performance.now() - begun > this.#timing.troubleMs;
      if (tooLong || signal.aborted) return { outcome: "unknown", cause: check.cause };
      await wait(this.#timing.pollMs);
    }
  }
}

function aborted(signal: AbortSignal): Promise<"stopped"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("stopped");
    else signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
}
