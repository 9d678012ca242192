import { eventDefinition, type DomainEvent } from "#shared/events/catalog.ts";
import { ID_PREFIXES, type IdKind } from "#shared/ids.ts";
import { addQuantities, compareQuantities, subtractQuantities } from "#shared/money/quantity.ts";
import type { AggregateKind, StateOf } from "../aggregate.ts";
import { isRefusal, type Actor, type Change, type Context, type Count, type Reader, type Refusal, type Shortage } from "../command.ts";
import { foldChange, refsOf } from "../provisional.ts";
import { commandDefinition, type CommandInput, type CommandResult, type CommandType } from "../registry.ts";

/** The same id for the same number, so that tests can name things. */
export function id(kind: IdKind, n: number): string {
  return `${ID_PREFIXES[kind]}_${n.toString().padStart(26, "0")}`;
}

export const WAITER: Actor = { staff: id("staff", 1), device: id("device", 1), name: "Mai", capabilities: ["floor.seat", "order.take", "order.void", "check.settle", "drawer.operate"] };
export const MANAGER: Actor = { staff: id("staff", 2), device: id("device", 2), name: "Rosa", capabilities: ["floor.seat", "order.take", "order.void", "check.settle", "drawer.operate", "approve.adjustments", "approve.payments", "approve.cash", "manage.view"] };
export const COOK: Actor = { staff: null, device: id("device", 9), name: "Grill screen", capabilities: ["kitchen.work"] };
export const OPERATOR: Actor = { staff: null, device: null, name: "operator", capabilities: ["operate.system", "manage.settings", "stock.count"] };

type Stored = { readonly kind: AggregateKind; readonly state: unknown; readonly version: number };
/** A decision that is not written yet: another command may come first. */
export type Pending<T extends CommandType = CommandType> = {
  readonly type: T;
  readonly answer: { readonly ok: true; readonly result: CommandResult<T> } | { readonly ok: false; readonly refusal: Refusal };
  readonly changes: readonly Change[];
  readonly events: readonly DomainEvent[];
  commit(): "appended" | "conflict" | Refusal;
};

/**
 * A log in memory that keeps the rules of the real one: expected versions, guards, conditional counts (LOG-3, DOM-19).
 * It also holds each decider to its word: only what it named may be read, every event is valid, states are plain JSON.
 */
export function world() {
  const streams = new Map<string, Stored>();
  const counts = new Map<string, string | null>();
  const log: DomainEvent[] = [];
  const written: { readonly stream: string; readonly event: DomainEvent }[] = [];
  let made = 1000;
  let minute = 0;

  const contextOf = (actor: Actor): Context => ({
    now: new Date(Date.UTC(2026, 10, 20, 18, minute)).toISOString(),
    businessDate: "2026-11-20",
    organizer: id("organizer", 1),
    merchant: id("merchant", 1),
    actor,
    newId: (kind) => id(kind, ++made),
  });

  function get<K extends AggregateKind>(kind: K, stream: string): StateOf[K] | undefined {
    const stored = streams.get(stream);
    if (!stored) return undefined;
    if (stored.kind !== kind) throw new Error(`${stream} is a ${stored.kind}, read as a ${kind}`);
    return stored.state as StateOf[K];
  }

  function strict(named: ReadonlySet<string>): Reader {
    return {
      get: (kind, stream) => {
        if (!named.has(stream)) throw new Error(`${kind} ${stream} was read but not named by reads()`);
        return get(kind, stream);
      },
    };
  }

  function shortages(wanted: readonly Count[]): readonly Shortage[] {
    return wanted.flatMap((count) => {
      const left = counts.get(count.product) ?? null;
      return "take" in count && left !== null && compareQuantities(count.take, left) > 0 ? [{ product: count.product, available: left }] : [];
    });
  }

  function move(count: Count): void {
    if ("set" in count) counts.set(count.product, count.set);
    const left = counts.get(count.product) ?? null;
    if (left === null) return;
    if ("take" in count) counts.set(count.product, subtractQuantities(left, count.take));
    if ("giveBack" in count) counts.set(count.product, addQuantities(left, count.giveBack));
  }

  function write(changes: readonly Change[], context: Context): void {
    for (const change of changes) {
      if (change.events.length === 0) continue;
      for (const event of change.events) {
        const parsed = eventDefinition(event.type)?.schema.safeParse(event.data);
        if (!parsed?.success) throw new Error(`${event.type} is not valid: ${parsed?.error.message ?? "unknown type"}\n${JSON.stringify(event.data)}`);
        log.push(event);
        written.push({ stream: change.stream, event });
      }
      const before = streams.get(change.stream);
      if (before && before.kind !== change.kind) throw new Error(`${change.stream} is a ${before.kind}, written as a ${change.kind}`);
      const version = before?.version ?? 0;
      const state = foldChange(change.kind, before?.state as never, version, change, context);
      if (JSON.stringify(JSON.parse(JSON.stringify(state))) !== JSON.stringify(state)) throw new Error(`the state of ${change.stream} is not plain JSON`);
      streams.set(change.stream, { kind: change.kind, state, version: version + change.events.length });
    }
  }

  function prepare<T extends CommandType>(type: T, input: CommandInput<T>, actor: Actor = WAITER): Pending<T> {
    const definition = commandDefinition(type);
    if (!definition) throw new Error(`no command ${type}`);
    const context = contextOf(actor);
    const parsed: unknown = definition.schema.parse(input);
    const refs = refsOf(definition, parsed, { get }, context);
    const named = new Set(refs.map((ref) => ref.stream));
    const reader = strict(named);
    const versions = new Map([...named].map((stream) => [stream, streams.get(stream)?.version ?? 0]));
    const decision = definition.decide(parsed, reader, context);
    if (isRefusal(decision)) {
      return { type, answer: { ok: false, refusal: decision }, changes: [], events: [], commit: () => decision };
    }
    const duplicate = decision.changes.map((change) => change.stream).find((stream, i, all) => all.indexOf(stream) !== i);
    if (duplicate) throw new Error(`${type} changes ${duplicate} twice`);
    const commit = () => {
      for (const change of decision.changes) {
        if (change.kind === "countdown" && change.events.length > 0) continue;
        if (!versions.has(change.stream) && streams.has(change.stream)) throw new Error(`${change.stream} was written but not read`);
        if ((streams.get(change.stream)?.version ?? 0) !== (versions.get(change.stream) ?? 0)) return "conflict" as const;
      }
      const short = shortages(decision.counts ?? []);
      if (short.length > 0) {
        if (!definition.onShortage) throw new Error(`${type} has no answer to a shortage`);
        return definition.onShortage(parsed, reader, short);
      }
      for (const count of decision.counts ?? []) move(count);
      write(decision.changes, context);
      return "appended" as const;
    };
    return {
      type,
      answer: { ok: true, result: decision.result as CommandResult<T> },
      changes: decision.changes,
      events: decision.changes.flatMap((change) => [...change.events]),
      commit,
    };
  }

  /** Decides and writes; a conflict is decided again on fresh state, as the hub does. */
  function attempt<T extends CommandType>(type: T, input: CommandInput<T>, actor?: Actor): Pending<T>["answer"] & { readonly events: readonly DomainEvent[] } {
    for (let round = 0; round < 5; round++) {
      const pending = prepare(type, input, actor);
      const outcome = pending.commit();
      if (outcome === "conflict") continue;
      if (outcome === "appended") return { ...pending.answer, events: pending.events };
      return { ok: false, refusal: outcome, events: [] };
    }
    throw new Error(`${type} never got through`);
  }

  /** Must succeed. */
  function does<T extends CommandType>(type: T, input: CommandInput<T>, actor?: Actor): { readonly result: CommandResult<T>; readonly events: readonly DomainEvent[] } {
    const answer = attempt(type, input, actor);
    if (!answer.ok) throw new Error(`${type} was refused: ${JSON.stringify(answer.refusal)}`);
    return { result: answer.result, events: answer.events };
  }

  /** Must be refused. */
  function refuses<T extends CommandType>(type: T, input: CommandInput<T>, actor?: Actor): Refusal {
    const answer = attempt(type, input, actor);
    if (answer.ok) throw new Error(`${type} was not refused: ${JSON.stringify(answer.events)}`);
    return answer.refusal;
  }

  return {
    get,
    prepare,
    attempt,
    does,
    refuses,
    /** Events that no command writes: the kitchen's, the printers'. */
    happened: (kind: AggregateKind, stream: string, events: readonly DomainEvent[]) => write([{ kind, stream, events }], contextOf(OPERATOR)),
    later: (minutes: number) => {
      minute += minutes;
    },
    all: <K extends AggregateKind>(kind: K): readonly StateOf[K][] => [...streams.values()].filter((s) => s.kind === kind).map((s) => s.state as StateOf[K]),
    remaining: (product: string) => counts.get(product) ?? null,
    log: log as readonly DomainEvent[],
    /** The log with the stream of each event. */
    written: written as readonly { readonly stream: string; readonly event: DomainEvent }[],
    context: contextOf,
  };
}

export type World = ReturnType<typeof world>;
