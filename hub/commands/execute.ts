import type { z } from "zod";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { AggregateKind } from "#shared/domain/aggregate.ts";
import { isRefusal, type Change, type CommandDefinition, type Count, type Refusal } from "#shared/domain/command.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { IdKind } from "#shared/ids.ts";
import type { Tenant } from "#hub/db/client.ts";
import { draftChanges, type Drafted } from "#hub/log/drafts.ts";
import { NewerState } from "#hub/log/newer-state.ts";
import { isCommutative, type Known } from "#hub/log/states.ts";
import type { AppendCommand, Appended, AppendOutcome } from "#hub/log/types.ts";
import { commandHash } from "./canonical.ts";
import { isDatedWhenRecorded } from "./dated-at.ts";
import { gather, type Gathered, type Running } from "./gather.ts";
import type { HotStates } from "./hot-states.ts";
import { createKeyLock } from "./key-lock.ts";
import { productOf } from "./load.ts";
import { occurredAt } from "./occurred-at.ts";
import { actorOf, type Session } from "./session.ts";
import { traceparentFrom } from "./trace.ts";

export type CommandFrame<Input> = { readonly commandId: string; readonly occurredAt?: string | undefined; readonly input: Input };

/** What came of a command that the door let in. Only `answered` is an answer; the rest says why there is none. */
export type Execution<Result> =
  | { readonly outcome: "answered"; readonly answer: CommandAnswer<Result>; readonly repeated: boolean }
  | { readonly outcome: "capability-missing"; readonly capability: Capability }
  | { readonly outcome: "no-merchant" }
  | { readonly outcome: "reused-id" }
  | { readonly outcome: "too-old" }
  | { readonly outcome: "foreign-stream"; readonly stream: string }
  | { readonly outcome: "unavailable"; readonly reason: string };

export type ExecutorOptions = {
  append(command: AppendCommand): Promise<AppendOutcome>;
  readonly states: HotStates;
  now(): number;
  newId(kind: IdKind): string;
  /** For metrics. */
  onExecuted?(type: string, outcome: string, tookMs: number, about: { readonly commandId: string; readonly traceparent: string }): void;
};

type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly refusal: Refusal };
type Envelope = Omit<AppendCommand, "changes" | "counts" | "answer">;
type Call = { readonly traceparent: string; readonly addresshash?: string };
type Again = { readonly again: Iterable<string> };

/** LOG-3: so often a command is decided again on fresh state. */
const MAX_TRIES = 10;
const NOTHING: ReadonlySet<string> = new Set();
/** Not read, so it must not exist: ids are made for what is new. */
const NEW_STREAM: Known = { version: 0, state: undefined };
/** Read by every command and written by few: taking turns on them would make a merchant's commands wait for each other. */
const SHARED_KINDS: ReadonlySet<AggregateKind> = new Set(["organizer", "merchant", "staff", "device", "category", "product", "ingredient", "countdown", "printer"]);

export type Executor = ReturnType<typeof createExecutor>;

/** The hub's way of commands: authorise -> load -> decide -> append, and the same answer for every repeat of an id (LOG-4). */
export function createExecutor({ append, states, now, newId, onExecuted }: ExecutorOptions) {
  const locks = createKeyLock();

  async function execute<Schema extends z.ZodType, Result>(
    definition: CommandDefinition<string, Schema, Result>,
    frame: CommandFrame<z.output<Schema>>,
    session: Session,
    trace?: string,
    addresshash?: string,
  ): Promise<Execution<Result>> {
    const started = now();
    const traceparent = traceparentFrom(trace, frame.commandId);
    const execution = await run(definition as unknown as CommandDefinition, frame, session, { traceparent, ...(addresshash === undefined ? {} : { addresshash }) }).catch(leftToNewer);
    const { outcome } = execution;
    onExecuted?.(definition.type, outcome === "answered" && !execution.answer.ok ? "refused" : outcome, now() - started, { commandId: frame.commandId, traceparent });
    return execution as Execution<Result>;
  }

  async function run(definition: CommandDefinition, frame: CommandFrame<unknown>, session: Session, call: Call): Promise<Execution<unknown>> {
    const capability = [definition.capability, ...(definition.alsoAllowed ?? [])].find((one) => session.capabilities.includes(one));
    if (capability === undefined) return { outcome: "capability-missing", capability: definition.capability };
    if (definition.owner === "merchant" && session.merchant === null) return { outcome: "no-merchant" };
    const at = now();
    const tenant = { organizerId: session.organizer, ...(session.merchant === null ? {} : { merchantId: session.merchant }) };
    const running: Running = { commandId: frame.commandId, definition, input: frame.input, session, tenant, now: new Date(at).toISOString(), happened: occurredAt(frame.occurredAt, at), newId };
    const envelope = envelopeOf(running, frame.commandId, capability, call);

    const first = await gather(states, running, NOTHING);
    const keys = [...first.refs.values()].filter(({ kind }) => !SHARED_KINDS.has(kind)).map(({ stream }) => stream);
    return locks.run(keys, async (hasWaited) => {
      const fresh = new Set<string>();
      for (let tried = 0; tried < MAX_TRIES; tried++) {
        // Read before its turn came: good enough to go on with (the expected versions see to that), not to refuse for good.
        const early = tried === 0 && !hasWaited;
        const came = await attempt(running, envelope, early ? first : await gather(states, running, fresh), early);
        if (!("again" in came)) return came;
        for (const stream of came.again) fresh.add(stream);
      }
      return { outcome: "unavailable", reason: "contended" };
    });
  }

  async function attempt(running: Running, envelope: Envelope, gathered: Gathered, early: boolean): Promise<Execution<unknown> | Again> {
    const { definition, input, tenant } = running;
    // What is refused for good must not have been decided on what this hub happened to remember, or read before its turn.
    const doubtful = () => [...gathered.found].filter(([, read]) => early || read.cached).map(([stream]) => stream);
    const decided = decideOn(() => definition.decide(input, gathered.reader, gathered.context), doubtful);
    if ("again" in decided) return decided;
    const { decision } = decided;
    if (isRefusal(decision)) {
      const again = doubtful();
      return again.length > 0 ? { again } : refuse(envelope, decision);
    }
    const foreign = foreignTenant(running, decision.changes);
    if (foreign !== undefined) return { outcome: "foreign-stream", stream: foreign };
    const answer = { ok: true, result: decision.result } as const;
    const drafted = drafts(running, envelope, gathered, guarded(running, decision.changes));
    const outcome = await settle(envelope, answer, drafted, decision.counts ?? []);
    switch (outcome.outcome) {
      case "appended":
        remember(tenant, drafted, outcome);
        return conclude(answer, outcome);
      case "conflict": {
        const stale = outcome.streams.map(({ stream }) => stream);
        states.evict(tenant, stale);
        return { again: stale };
      }
      case "shortage":
        states.evict(tenant, [...gathered.refs.values()].filter(({ kind }) => isCommutative(kind)).map(({ stream }) => stream));
        return refuse(envelope, definition.onShortage?.(input, gathered.reader, outcome.short) ?? { refused: "insufficient-stock", short: outcome.short });
      default:
        return conclude(answer, outcome);
    }
  }

  /** LOG-4: a refusal is final and recorded; whoever wants to ask again makes a new id. */
  async function refuse(envelope: Envelope, refusal: Refusal): Promise<Execution<unknown>> {
    const answer = { ok: false, refusal } as const;
    return conclude(answer, await settle(envelope, answer, [], []));
  }

  function settle(envelope: Envelope, answer: Answer, drafted: readonly Drafted[], counts: readonly Count[]): Promise<AppendOutcome> {
    return append({ ...envelope, changes: drafted.map(({ change }) => change), counts, answer: JSON.stringify(answer) });
  }

  /** The versions are those that were expected, so what was folded is what was stored; counts are told by the log. */
  function remember(tenant: Tenant, drafted: readonly Drafted[], appended: Appended): void {
    for (const { change, kind, after } of drafted) {
      const ref = { kind, stream: change.stream };
      if (after !== undefined) states.put(tenant, ref, after);
      if (!isCommutative(kind) || change.events.length === 0) continue;
      const product = productOf(change.stream);
      const remaining = appended.remaining.get(product);
      const version = appended.versions.get(change.stream);
      if (remaining === undefined || version === undefined) states.evict(tenant, [change.stream]);
      else states.put(tenant, ref, { version, state: { product, remaining } });
    }
  }

  return { execute };
}

/** Streams that were read one before, one after a commit may contradict each other: what cannot be then is decided anew before it counts as a fault. */
function decideOn<Decision>(decide: () => Decision, doubtful: () => readonly string[]): { readonly decision: Decision } | Again {
  try {
    return { decision: decide() };
  } catch (error) {
    const again = doubtful();
    if (again.length === 0) throw error;
    return { again };
  }
}

/** No refusal, which would be final: an upgraded process answers the same id (a rolling upgrade). */
function leftToNewer(error: unknown): Execution<unknown> {
  if (error instanceof NewerState) return { outcome: "unavailable", reason: "newer-version" };
  throw error;
}

function envelopeOf({ definition, session, input }: Running, commandId: string, capability: Capability, { traceparent, addresshash }: Call): Envelope {
  const actor = actorOf(session);
  const { organizer, merchant } = session;
  return {
    commandId,
    hash: commandHash({ type: definition.type, version: definition.version, actor, merchant: merchant ?? organizer, input }),
    organizerId: organizer,
    ...(definition.owner === "merchant" && merchant !== null ? { merchantId: merchant } : {}),
    actor,
    door: { ...(session.device === null ? {} : { deviceid: session.device }), capability, ...(addresshash === undefined ? {} : { addresshash }) },
    source: "/hub",
    correlationId: commandId,
    traceparent,
  };
}

/** A session acts on its own organizer and merchant, whatever ids the input names. */
function foreignTenant({ session }: Running, changes: readonly Change[]): string | undefined {
  return changes.find(({ kind, stream }) => (kind === "merchant" && stream !== session.merchant) || (kind === "organizer" && stream !== session.organizer))?.stream;
}

function drafts({ definition, session, now, happened, newId }: Running, envelope: Envelope, { found, context }: Gathered, changes: readonly Change[]): readonly Drafted[] {
  const isMerchants = definition.owner === "merchant";
  return draftChanges(changes, ({ stream }) => found.get(stream) ?? NEW_STREAM, {
    organizer: session.organizer,
    merchant: isMerchants ? session.merchant : null,
    now,
    occurredAt: happened,
    businessDate: isMerchants ? context.businessDate : undefined,
    commandId: envelope.commandId,
    correlationId: envelope.correlationId,
    actor: envelope.actor,
    source: envelope.source,
    newEventId: () => newId("event"),
  });
}

/** DOM-17: what is dated by the open day holds only while that day is open, so the merchant must be as it was read. */
function guarded({ definition, session: { merchant } }: Running, changes: readonly Change[]): readonly Change[] {
  if (merchant === null || changes.length === 0 || !isDatedWhenRecorded(definition.type)) return changes;
  return [...changes, { kind: "merchant", stream: merchant, events: [] }];
}

function conclude(answer: Answer, outcome: AppendOutcome): Execution<unknown> {
  switch (outcome.outcome) {
    case "appended":
      return { outcome: "answered", repeated: false, answer: answer.ok ? { ...answer, at: placeOf(outcome) } : answer };
    case "repeat": {
      const first = JSON.parse(outcome.answer) as Answer;
      return { outcome: "answered", repeated: true, answer: first.ok ? { ...first, at: placeOf(outcome) } : first };
    }
    case "conflict":
    case "shortage":
      throw new Error(`a refusal met ${outcome.outcome}`);
    default:
      return outcome;
  }
}

function placeOf({ shard, from, to }: { shard: number; from?: bigint; to?: bigint }) {
  return from === undefined || to === undefined ? null : { shard, from: from.toString(), to: to.toString() };
}
