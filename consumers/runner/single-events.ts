import type { ParsedEvent } from "#hub/log/types.ts";
import { alarm } from "./alarm.ts";
import { holdCheckpoint } from "./checkpoint.ts";
import { tellCommitted, type CommittedDeps } from "./committed.ts";
import { carryOut, type WaitingDecision } from "./dead-letters.ts";
import { failureKind } from "./failures.ts";
import { readAnew } from "./erasure-turn.ts";
import type { Gate } from "./gate.ts";
import { runHandler, type RunResult } from "./handler-run.ts";
import { parkedLine, type ParkedLine } from "./parked-line.ts";
import { endAttempts, markTogether, parkedOf, unmarkTogether, unpark } from "./parking.ts";
import { parseEvent, separate, type Keyed, type KeysOf } from "./separate.ts";
import { idsOf } from "./trace.ts";
import { tryEvent, type TrialDeps, type TrialResult } from "./trial.ts";

export type SingleEventsDeps = TrialDeps &
  CommittedDeps & {
    /** One at a time in the whole process, for events that may have killed a process: nobody else is counted with them. */
    readonly suspects: Gate;
    readonly keysOf: KeysOf;
    /** So many events of a shard may wait for a retry, or behind one; then its further events wait in the log. */
    readonly parkedMost: number;
    /** The checkpoint went on with the event. */
    onReached(position: bigint): void;
    /** A parked event is due. */
    onDue(): void;
  };

/** Due retries are looked for so often while there are any: the clock may be a test's. */
const RETRY_LOOK_MS = 50;
/** Parked events further apart in the log are not tried together. */
const PAGE = 500;

/** RUN-4: the events of one (group, shard) that are tried one by one, and the line of those that wait for a retry or behind one. */
export class SingleEvents {
  readonly #deps: SingleEventsDeps;
  #parked: ParkedLine = parkedLine();
  #known = false;
  #full = 0;
  /** Marked, and what they met together was nobody's fault. */
  #marked: readonly bigint[] = [];
  /** The attempt that this process began last, if it ended by nobody's fault. */
  #resumable: bigint | undefined;
  readonly #retries = alarm(() => {
    if (this.nextDue() === undefined) this.watchRetries();
    else this.#deps.onDue();
  });

  constructor(deps: SingleEventsDeps) {
    this.#deps = deps;
  }

  get parked(): { readonly length: number; readonly full: number } {
    return { length: this.#parked.size, full: this.#full };
  }

  /** Asked before further events are taken. */
  hasRoom(): boolean {
    if (this.#parked.size < this.#deps.parkedMost) return true;
    this.#full += 1;
    return false;
  }

  /** What Postgres says of the line may differ from what is remembered. */
  doubt(): void {
    this.#known = false;
  }

  async look(): Promise<void> {
    if (this.#known) return;
    await this.#unmark();
    const line = parkedLine();
    for (const entry of await parkedOf(this.#deps.sql, this.#deps.lease)) line.put(entry);
    this.#parked = line;
    this.#known = true;
  }

  separate(events: readonly ParsedEvent[]): ReturnType<typeof separate> {
    return separate(events, this.#parked, this.#deps.keysOf);
  }

  putBehind(behind: readonly Keyed[]): void {
    for (const { event, keys } of behind) this.#parked.put({ position: event.position, keys, dueAtMs: null, dead: false });
  }

  nextDue(): bigint | undefined {
    return this.#parked.nextDue(this.#deps.clock.now());
  }

  watchRetries(): void {
    if (this.#parked.waitsForTime()) this.#retries.set(RETRY_LOOK_MS);
  }

  stop(): void {
    this.#retries.stop();
  }

  /** The event after `checkpoint`. False when it has to wait behind a parked one. */
  async tryNext(event: ParsedEvent, checkpoint: bigint): Promise<boolean> {
    const keys = this.#deps.keysOf(event);
    if (this.#parked.blocks(keys)) return false;
    await this.#try(event, keys, checkpoint);
    return true;
  }

  /** What is due at `position`, alone if it failed before; what only waited for others goes together, at most so many. */
  async tryParked(position: bigint, most: number): Promise<void> {
    const { log, lease } = this.#deps;
    const entry = this.#parked.get(position);
    const mayGoTogether = entry?.dueAtMs === null && entry.alone !== true;
    const together = new Set(mayGoTogether ? this.#parked.together(most) : [position]);
    const events: ParsedEvent[] = [];
    for (const stored of await log.readRange(lease.shard, position - 1n, together.size > 1 ? PAGE : 1)) {
      if (together.has(stored.position)) events.push(parseEvent(lease.shard, stored.position, stored.text));
    }
    const [event] = events;
    if (entry === undefined || event?.position !== position) throw new Error(`parked event ${position} is not in the log`);
    if (events.length > 1) await this.#tryTogether(events);
    else await this.#try(event, entry.keys, undefined);
  }

  async carryOut(decision: WaitingDecision): Promise<void> {
    const { sql, lease, clock } = this.#deps;
    const at = new Date(clock.now());
    const again = await sql.begin(async (tx) => {
      const result = await carryOut(tx, lease, decision, at);
      await holdCheckpoint(tx, lease);
      return result;
    });
    if (decision.decision === "discard") this.#parked.remove(decision.position);
    if (again !== undefined) {
      this.#parked.put({ position: decision.position, keys: (again as { keys: string[] }).keys, dueAtMs: at.getTime(), dead: false });
    }
  }

  async #tryTogether(events: readonly ParsedEvent[]): Promise<void> {
    const { sql, lease, suspects, hooks } = this.#deps;
    const positions = events.map(({ position }) => position);
    const point = { group: lease.group, shard: lease.shard, positions, single: false };
    const leave = await suspects.enter();
    let run: RunResult;
    try {
      await markTogether(sql, lease, positions);
      run = await runHandler({
        ...this.#deps,
        events,
        anew: (tx) => readAnew(tx, events),
        point,
        async settle(tx) {
          await endAttempts(tx, lease, ...positions);
          await unpark(tx, lease, ...positions);
          await holdCheckpoint(tx, lease);
        },
      });
    } catch (error) {
      const kind = failureKind(error);
      if (kind === "again") {
        this.#marked = positions;
        // Now, since a process that stops does not look again; else before the next look.
        await this.#unmark().catch(() => {});
      }
      if (kind !== "event") throw error;
      for (const position of positions) {
        const entry = this.#parked.get(position);
        if (entry !== undefined) this.#parked.put({ ...entry, alone: true });
      }
      return;
    } finally {
      leave();
    }
    for (const position of positions) this.#parked.remove(position);
    tellCommitted(this.#deps, lease, events, run);
    await hooks.afterCommit?.(point);
  }

  async #unmark(): Promise<void> {
    if (this.#marked.length === 0) return;
    await unmarkTogether(this.#deps.sql, this.#deps.lease, this.#marked);
    this.#marked = [];
  }

  async #try(event: ParsedEvent, keys: readonly string[], checkpoint: bigint | undefined): Promise<void> {
    const { lease, suspects, hooks } = this.#deps;
    const { position } = event;
    const isSuspect = checkpoint === undefined || position <= lease.suspectTo;
    const leave = isSuspect ? await suspects.enter() : undefined;
    let result: TrialResult;
    try {
      const trial = {
        event,
        keys,
        resumed: this.#resumable === position,
        onBegun: () => void (this.#resumable = position),
        ...(checkpoint === undefined ? {} : { checkpoint }),
      };
      result = await tryEvent(this.#deps, trial);
    } finally {
      leave?.();
    }
    this.#resumable = undefined;
    this.#parked.remove(position);
    if (result.result === "parked") this.#parked.put(result.entry);
    if (checkpoint !== undefined) this.#deps.onReached(position);
    if (result.result === "applied") tellCommitted(this.#deps, lease, [event], result.run);
    else this.#tellFailed(event, result);
    await hooks.afterCommit?.({ group: lease.group, shard: lease.shard, positions: [position], single: true });
  }

  #tellFailed(event: ParsedEvent, result: Exclude<TrialResult, { result: "applied" }>): void {
    const { lease, log, logger, observe } = this.#deps;
    const { how, appended, reason, attempts } = result;
    if (how !== "newer") observe?.failed(lease.group, how === "cut-off");
    log.publish(appended);
    const dead = result.result === "dead" || result.entry.dead;
    logger[dead ? "error" : "warn"](
      { group: lease.group, shard: lease.shard, position: event.position.toString(), ...idsOf(event), attempts, reason },
      dead ? "event is a dead letter" : "event failed and is parked",
    );
  }
}
