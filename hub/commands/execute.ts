import type { AggregateKind, Ref } from "#shared/domain/aggregate.ts";
import { isRefusal, type CommandDefinition, type Context, type Count, type Reader, type Refusal } from "#shared/domain/command.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { IdKind } from "#shared/ids.ts";
import type { AppendCommand, AppendOutcome, Appended } from "#hub/log/types.ts";
import type { Tenant } from "#hub/db/client.ts";
import type { z } from "zod";
import { businessDateAt } from "./business-date.ts";
import { commandHash } from "./canonical.ts";
import { draftChanges, type Drafted } from "#hub/log/drafts.ts";
import type { HotStates, Read } from "./hot-states.ts";
import { KeyLock } from "./key-lock.ts";
import { productOf } from "./load.ts";
import { occurredAt } from "./occurred-at.ts";
import { actorOf, type Session } from "./session.ts";
import { isCommutative, type Known } from "#hub/log/states.ts";
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
  onExecuted?(type: string, outcome: string, tookMs: number): void;
};

/** LOG-3: so often a command is decided again on fresh state. */
const MAX_TRIES = 10;
/** `reads` may name more once it sees what it named before. */
const MAX_ROUNDS = 8;
/** Read by every command and written by few: taking turns on them would make a merchant's commands wait for each other. */
const SHARED_KINDS: ReadonlySet<AggregateKind> = new Set(["organizer", "merchant", "staff", "device", "category", "product", "ingredient", "countdown", "printer"]);

export type Executor = ReturnType<typeof createExecutor>;

/** The hub's way of commands: authorise -> load -> decide -> append, and the same answer for every repeat of an id (LOG-4). */
export function createExecutor({ append, states, now, newId, onExecuted }: ExecutorOptions) {
  const locks = new KeyLock();

  async function execute<Schema extends z.ZodType, Result>(
    definition: CommandDefinition<string, Schema, Result>,
    frame: CommandFrame<z.output<Schema>>,
    session: Session,
    trace?: string,
  ): Promise<Execution<Result>> {
    const started = now();
    const execution = await run(definition, frame, session, trace);
    const { outcome } = execution;
    onExecuted?.(definition.type, outcome === "answered" && !execution.answer.ok ? "refused" : outcome, now() - started);
    return execution;
  }

  async function run<Schema extends z.ZodType, Result>(
    definition: CommandDefinition<string, Schema, Result>,
    frame: CommandFrame<z.output<Schema>>,
    session: Session,
    trace?: string,
  ): Promise<Execution<Result>> {
    if (!session.capabilities.includes(definition.capability)) return { outcome: "capability-missing", capability: definition.capability };
    const ownsMerchant = definition.owner === "merchant";
    if (ownsMerchant && session.merchant === null) return { outcome: "no-merchant" };

    const { input, commandId } = frame;
    const actor = actorOf(session);
    const tenant: Tenant = { organizerId: session.organizer, ...(session.merchant === null ? {} : { merchantId: session.merchant }) };
    const started = now();
    const base = {
      commandId,
      hash: commandHash({ type: definition.type, version: definition.version, actor, merchant: session.merchant ?? session.organizer, input }),
      organizerId: session.organizer,
      ...(ownsMerchant && session.merchant !== null ? { merchantId: session.merchant } : {}),
      actor,
      source: "/hub",
      correlationId: commandId,
      traceparent: traceparentFrom(trace),
    };
    const happened = occurredAt(frame.occurredAt, started);

    /** Everything that the decision may read, loaded; `fresh` names streams that must come from Postgres. */
    const gather = async (fresh: ReadonlySet<string>): Promise<Gathered> => {
      const found = new Map<string, Read>();
      const refs = new Map<string, Ref>();
      const reader = readerOf(definition.type, found, false);
      let wanted: readonly Ref[] = session.merchant === null ? [] : [{ kind: "merchant", stream: session.merchant }];
      for (let round = 0; wanted.length > 0; round++) {
        if (round > MAX_ROUNDS) throw new Error(`${definition.type} names ever more states to read`);
        for (const ref of wanted) refs.set(ref.stream, ref);
        for (const [stream, read] of await states.read(tenant, wanted, fresh)) found.set(stream, read);
        wanted = definition.reads(input, reader, contextOf(found)).filter((ref) => !refs.has(ref.stream));
      }
      return { found, refs };
    };

    const contextOf = (found: ReadonlyMap<string, Read>): Context => ({
      now: new Date(started).toISOString(),
      businessDate: businessDate(found, session, happened),
      organizer: session.organizer,
      merchant: session.merchant ?? "",
      actor: { staff: session.staff?.id ?? null, device: session.device, name: session.staff?.name ?? session.deviceName ?? "Comanda", capabilities: session.capabilities },
      newId,
    });

    const settle = async (answer: { ok: true; result: Result } | { ok: false; refusal: Refusal }, drafted: readonly Drafted[], counts: readonly Count[]): Promise<AppendOutcome> =>
      append({ ...base, changes: drafted.map(({ change }) => change), counts, answer: JSON.stringify(answer) });

    /** LOG-4: a refusal is final and recorded; whoever wants to ask again makes a new id. */
    const refuse = async (refusal: Refusal): Promise<Execution<Result>> => conclude({ ok: false, refusal }, await settle({ ok: false, refusal }, [], []));

    const attempt = async (fresh: ReadonlySet<string>): Promise<Execution<Result> | { readonly again: ReadonlySet<string> }> => {
      const { found, refs } = await gather(fresh);
      const context = contextOf(found);
      const reader = readerOf(definition.type, found, true);
      const decision = definition.decide(input, reader, context);
      if (isRefusal(decision)) {
        // What is refused for good must not have been decided on what this hub happened to remember.
        const remembered = [...found].filter(([, read]) => read.cached).map(([stream]) => stream);
        return remembered.length > 0 ? { again: new Set(remembered) } : refuse(decision);
      }
      const foreign = decision.changes.find(({ kind, stream }) => (kind === "merchant" && stream !== session.merchant) || (kind === "organizer" && stream !== session.organizer));
      if (foreign !== undefined) return { outcome: "foreign-stream", stream: foreign.stream };
      const drafted = draftChanges(decision.changes, ({ stream }) => found.get(stream) ?? NEW_STREAM, {
        organizer: session.organizer,
        merchant: ownsMerchant ? session.merchant : null,
        now: context.now,
        occurredAt: happened,
        businessDate: ownsMerchant ? context.businessDate : undefined,
        commandId,
        correlationId: base.correlationId,
        actor,
        source: base.source,
        newEventId: () => newId("event"),
      });
      const outcome = await settle({ ok: true, result: decision.result }, drafted, decision.counts ?? []);
      if (outcome.outcome === "appended") {
        remember(tenant, drafted, outcome);
      }
      if (outcome.outcome === "conflict") {
        const stale = outcome.streams.map(({ stream }) => stream);
        states.evict(tenant, stale);
        return { again: new Set(stale) };
      }
      if (outcome.outcome === "shortage") {
        states.evict(tenant, [...refs.values()].filter(({ kind }) => isCommutative(kind)).map(({ stream }) => stream));
        return refuse(definition.onShortage?.(input, reader, outcome.short) ?? { refused: "insufficient-stock", short: outcome.short });
      }
      return conclude({ ok: true, result: decision.result }, outcome);
    };

    const first = await gather(new Set());
    const keys = [...first.refs.values()].filter(({ kind }) => !SHARED_KINDS.has(kind)).map(({ stream }) => stream);
    return locks.run(keys, async () => {
      const fresh = new Set<string>();
      for (let tried = 0; tried < MAX_TRIES; tried++) {
        const result = await attempt(fresh);
        if ("outcome" in result) return result;
        for (const stream of result.again) fresh.add(stream);
      }
      return { outcome: "unavailable", reason: "contended" };
    });
  }

  /** The versions are those that were expected, so what was folded is what was stored; counts are told by the log. */
  function remember(tenant: Tenant, drafted: readonly Drafted[], appended: Appended): void {
    for (const { change, kind, after } of drafted) {
      const ref = { kind, stream: change.stream };
      if (after !== undefined) states.put(tenant, ref, after);
      if (!isCommutative(kind)) continue;
      const product = productOf(change.stream);
      const remaining = appended.remaining.get(product);
      const version = appended.versions.get(change.stream);
      if (remaining === undefined || version === undefined) states.evict(tenant, [change.stream]);
      else states.put(tenant, ref, { version, state: { product, remaining } });
    }
  }

  return { execute };
}

/** Not read, so it must not exist: ids are made for what is new. */
const NEW_STREAM: Known = { version: 0, state: undefined };

type Gathered = { readonly found: ReadonlyMap<string, Read>; readonly refs: ReadonlyMap<string, Ref> };

/** `reads` looks before it has named everything; a decision that looks at what was not named is a bug. */
function readerOf(type: string, found: ReadonlyMap<string, Read>, strict: boolean): Reader {
  return {
    get(kind, stream) {
      const read = found.get(stream) ?? (strict ? unread(type, `${kind} ${stream}`) : undefined);
      // The stream was loaded as the kind that `reads` named it.
      return read?.state as ReturnType<typeof this.get<typeof kind>>;
    },
  };
}

function unread(type: string, what: string): never {
  throw new Error(`${type} decides on ${what}, which its reads do not name`);
}

function businessDate(found: ReadonlyMap<string, Read>, session: Session, happened: string): string {
  const merchant = session.merchant === null ? undefined : (found.get(session.merchant)?.state as MerchantState | undefined);
  // A merchant that is being created has no clock of its own yet.
  return businessDateAt(Date.parse(happened), merchant?.zone ?? "UTC", merchant?.cutOver ?? "04:00");
}

function conclude<Result>(answer: { ok: true; result: Result } | { ok: false; refusal: Refusal }, outcome: AppendOutcome): Execution<Result> {
  switch (outcome.outcome) {
    case "appended":
      return { outcome: "answered", repeated: false, answer: answer.ok ? { ...answer, at: placeOf(outcome) } : answer };
    case "repeat": {
      const first = JSON.parse(outcome.answer) as typeof answer;
      return { outcome: "answered", repeated: true, answer: first.ok ? { ...first, at: placeOf(outcome) } : first };
    }
    case "conflict":
    case "shortage":
      throw new Error(`a refusal met ${outcome.outcome}`);
    default:
      return outcome;
  }
}

function placeOf(frame: { shard: number; from?: bigint; to?: bigint }) {
  const { shard, from, to } = frame;
  return from === undefined || to === undefined ? null : { shard, from: from.toString(), to: to.toString() };
}
