import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { CommandDefinition, Context, Refusal } from "#shared/domain/command.ts";
import { reached, type Cursor } from "#shared/protocol/cursor.ts";
import type { CallFailure } from "../api.ts";
import { createStore, type Store } from "../store.ts";
import type { Shelf } from "../storage.ts";
import type { Assumed } from "../sync/overlay.ts";

/** What of a command survives a reload: with it the same id is sent again and no double is made (failure 3). */
export type Waiting = {
  readonly commandId: string;
  readonly type: string;
  readonly input: unknown;
  readonly occurredAt: string;
  /** Whose session it goes out with. */
  readonly author: string;
};

export type OutboxState = {
  /** Commands without an answer. */
  readonly waiting: number;
  /** Since when the oldest of them could not be delivered; null when all is well. */
  readonly stuckSince: number | null;
  /** The people whose session is needed to send what waits. */
  readonly needs: readonly string[];
};

export type OutboxPorts = {
  /** Fails with CallFailed. */
  post(command: Waiting): Promise<CommandAnswer<unknown>>;
  failureOf(error: unknown): CallFailure;
  renewSession(author: string): Promise<void>;
  definition(type: string): CommandDefinition | undefined;
  context(author: string, occurredAt: string): Omit<Context, "newId"> | null;
  cursor(): Cursor | undefined;
  /** What is assumed has changed. */
  changed(): void;
  /** Nobody waits for this no any more who could tell: it was tapped before this page was loaded, or the outbox gave it up (`HUB_FAULT`). */
  refusedLate(command: Waiting, refusal: Refusal): void;
  /** Resolves when what is shown now has been painted. */
  painted(): Promise<void>;
  now(): number;
  random(): number;
  setTimer(action: () => void, ms: number): unknown;
  shelf: Shelf;
};

type Entry = Waiting & {
  readonly assumed: Assumed | null;
  status: "queued" | "sending" | "retrying" | "signed-out" | "answered";
  attempts: number;
  since: number;
  /** The frame with this command's id was seen. */
  confirmed: boolean;
  at: { readonly shard: number; readonly to: string } | null;
  /** The finger sees what it did before the network is asked to do anything. */
  shown: Promise<void> | null;
  /** A no is told by `refusedLate`. */
  late: boolean;
  /** Answers of 500 that counted, and when the last one did. */
  faults: number;
  faultedAt: number;
  resolve(answer: CommandAnswer<unknown>): void;
};

const BACK_OFF_MAX_MS = 2000;
/**
 * A fault that has not passed after six answers in half a minute or more is taken for the command's own. Only answers this far
 * apart count, so that neither an outage nor a tablet's sleep between two of them, nor a burst after `flush`, makes up the time.
 */
const FAULTS_AT_MOST = 6;
const FAULTS_APART_MS = 6000;

/** The refusal of a command that was given up: `done` when it is known to be in the log, else nobody knows whether it is. */
export const HUB_FAULT = "hub-fault";

/**
 * Commands on their way to the hub. Each person's go out one after the other, so that what was tapped first is decided first.
 * A command that got no answer is sent again with the same id until there is one: a repeat gets the first answer (LOG-4).
 * One at which the hub has a fault (500) again and again is given up and told, so that what was tapped afterwards goes on.
 */
export class Outbox {
  readonly state: Store<OutboxState> = createStore<OutboxState>({ waiting: 0, stuckSince: null, needs: [] });
  readonly #ports: OutboxPorts;
  #entries: Entry[] = [];
  readonly #busy = new Set<string>();

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  /** What was left by the last page of this device. */
  restore(): void {
    for (const waiting of this.#ports.shelf.read<readonly Waiting[]>("outbox") ?? []) {
      if (this.#entries.some((entry) => entry.commandId === waiting.commandId)) continue;
      const entry = this.#entry(waiting, true, () => undefined);
      entry.late = true;
      this.#entries.push(entry);
    }
    this.#report();
    this.#ports.changed();
    this.flush();
  }

  /** `input` is parsed by the command's schema. Resolves with the hub's answer, however long that takes, or with `HUB_FAULT`. */
  submit(waiting: Waiting, optimistic: boolean): Promise<CommandAnswer<unknown>> {
    return new Promise((resolve) => {
      const entry = this.#entry(waiting, optimistic, resolve);
      this.#entries.push(entry);
      this.#save();
      this.#report();
      this.#ports.changed();
      if (entry.assumed) entry.shown = this.#ports.painted();
      void this.#drain(waiting.author);
    });
  }

  /** Sends what waits now, for everyone: the network is back, the socket is live. */
  flush(): void {
    for (const entry of this.#entries) if (entry.status === "retrying") entry.status = "queued";
    for (const author of new Set(this.#entries.map((entry) => entry.author))) void this.#drain(author);
  }

  /** Somebody signed in: what waited for that session goes on. */
  resume(author: string): void {
    for (const entry of this.#entries) if (entry.author === author && entry.status === "signed-out") entry.status = "queued";
    void this.#drain(author);
  }

  assumed(): readonly Assumed[] {
    const assumed: Assumed[] = [];
    for (const entry of this.#entries) if (entry.assumed && !entry.confirmed) assumed.push(entry.assumed);
    return assumed;
  }

  /** The authors whose commands have no answer yet. */
  authors(): ReadonlySet<string> {
    return new Set(this.#entries.filter((entry) => entry.status !== "answered").map((entry) => entry.author));
  }

  /** A frame came: the confirmed state holds this command now, the assumption goes. */
  confirm(commandId: string): void {
    const entry = this.#entries.find((each) => each.commandId === commandId);
    if (!entry) return;
    entry.confirmed = true;
    if (entry.status === "answered") this.#remove(entry);
  }

  /** The cursor moved: an answered command at or below it is in the confirmed state, seen or not. */
  moved(): void {
    const cursor = this.#ports.cursor();
    for (const entry of this.#entries.filter((each) => each.status === "answered")) if (isIn(cursor, entry.at)) this.#remove(entry);
  }

  async #drain(author: string): Promise<void> {
    if (this.#busy.has(author)) return;
    this.#busy.add(author);
    try {
      for (let next = this.#next(author); next; next = this.#next(author)) {
        const delivered = await this.#deliver(next);
        if (!delivered) return;
      }
    } finally {
      this.#busy.delete(author);
    }
  }

  #next(author: string): Entry | undefined {
    const first = this.#entries.find((entry) => entry.author === author && entry.status !== "answered");
    return first?.status === "signed-out" || first?.status === "retrying" ? undefined : first;
  }

  /** False: not now. */
  async #deliver(entry: Entry): Promise<boolean> {
    entry.status = "sending";
    entry.attempts += 1;
    if (entry.shown) await entry.shown;
    entry.shown = null;
    try {
      const answer = await this.#ports.post(entry);
      this.#answered(entry, answer);
      return true;
    } catch (error) {
      const failure = this.#ports.failureOf(error);
      if (failure.kind === "refused") {
        this.#answered(entry, { ok: false, refusal: failure.refusal });
        return true;
      }
      if (failure.kind === "unauthorized") return this.#renew(entry);
      if (failure.fault === true && this.#faultStays(entry)) {
        this.#giveUp(entry);
        return true;
      }
      this.#later(entry, failure.retryAfterMs);
      return false;
    }
  }

  async #renew(entry: Entry): Promise<boolean> {
    try {
      await this.#ports.renewSession(entry.author);
      entry.status = "queued";
      if (entry.attempts < 3) return true;
      this.#later(entry);
    } catch (error) {
      if (this.#ports.failureOf(error).kind === "unauthorized") {
        entry.status = "signed-out";
        this.#report();
      } else this.#later(entry);
    }
    return false;
  }

  #later(entry: Entry, atLeastMs = 0): void {
    entry.status = "retrying";
    this.#report();
    const ceiling = Math.min(BACK_OFF_MAX_MS, 200 * 2 ** Math.min(entry.attempts, 5));
    this.#ports.setTimer(
      () => {
        if (entry.status === "retrying") entry.status = "queued";
        void this.#drain(entry.author);
      },
      Math.max(atLeastMs, ceiling * (0.5 + this.#ports.random() / 2)),
    );
  }

  #faultStays(entry: Entry): boolean {
    const now = this.#ports.now();
    if (now - entry.faultedAt < FAULTS_APART_MS) return false;
    entry.faultedAt = now;
    entry.faults += 1;
    return entry.faults >= FAULTS_AT_MOST;
  }

  /** The fault may lie behind the commit, so this says of no command that it was not done. */
  #giveUp(entry: Entry): void {
    entry.late = true;
    this.#answered(entry, { ok: false, refusal: { refused: HUB_FAULT, done: entry.confirmed } });
  }

  #answered(entry: Entry, answer: CommandAnswer<unknown>): void {
    entry.status = "answered";
    entry.at = answer.ok ? answer.at : null;
    // An answer without a place in the log changed nothing; one at or below the cursor is confirmed already.
    if (!answer.ok || answer.at === null || entry.confirmed || isIn(this.#ports.cursor(), entry.at)) this.#remove(entry);
    else this.#saveAndReport();
    entry.resolve(answer);
    if (entry.late && !answer.ok) this.#ports.refusedLate(entry, answer.refusal);
  }

  #remove(entry: Entry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
    this.#saveAndReport();
    this.#ports.changed();
  }

  #entry(waiting: Waiting, optimistic: boolean, resolve: (answer: CommandAnswer<unknown>) => void): Entry {
    const definition = this.#ports.definition(waiting.type);
    const context = this.#ports.context(waiting.author, waiting.occurredAt);
    const assumed = optimistic && definition && context ? { commandId: waiting.commandId, definition, input: waiting.input, context, ids: [] } : null;
    return { ...waiting, assumed, status: "queued", attempts: 0, since: this.#ports.now(), confirmed: false, at: null, shown: null, late: false, faults: 0, faultedAt: -Infinity, resolve };
  }

  #saveAndReport(): void {
    this.#save();
    this.#report();
  }

  #save(): void {
    const unanswered = this.#entries.filter((entry) => entry.status !== "answered");
    this.#ports.shelf.write("outbox", unanswered.map(({ commandId, type, input, occurredAt, author }): Waiting => ({ commandId, type, input, occurredAt, author })));
  }

  #report(): void {
    const unanswered = this.#entries.filter((entry) => entry.status !== "answered");
    const stuck = unanswered.filter((entry) => entry.status === "retrying" || entry.status === "signed-out");
    this.state.set({
      waiting: unanswered.length,
      stuckSince: stuck.length === 0 ? null : Math.min(...stuck.map((entry) => entry.since)),
      needs: [...new Set(unanswered.filter((entry) => entry.status === "signed-out").map((entry) => entry.author))],
    });
  }
}

function isIn(cursor: Cursor | undefined, at: { readonly shard: number; readonly to: string } | null): boolean {
  if (at === null) return true;
  const have = cursor?.positions[String(at.shard)];
  return have !== undefined && reached(at.to, have);
}

