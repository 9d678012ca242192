import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import type { Reader } from "#shared/domain/command.ts";
import { refsOf } from "#shared/domain/provisional.ts";
import { commandDefinition, type CommandInput, type CommandType } from "#shared/domain/registry.ts";
import { id, MANAGER, type World } from "#shared/domain/testing/given.ts";
import { burgerItem, latteItem, ORDER, PARTY, phoItem, place, POLICIES, TABLES, tiramisuItem } from "#shared/domain/testing/place.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import type { Known } from "#hub/log/states.ts";

export const ITEMS = 200;
export const PARTS = 12;

/** Two taxes and a charge of its own tax; everybody ordered, and one line in ten is for the whole table. */
function largeBill(): { readonly w: World; readonly check: string } {
  const w = place({ ...POLICIES, serviceCharge: { rate: "0.1", taxCode: "food", base: "after-discount", removable: true, beneficiary: "house", serviceTypes: ["dine_in"] } });
  w.does("party.seat", { party: PARTY, order: ORDER, tables: [TABLES.t5], covers: PARTS, whenOccupied: "refuse" });
  const makers = [phoItem, burgerItem, latteItem, tiramisuItem];
  const items = Array.from({ length: ITEMS }, (_, i) => {
    const make = makers[i % makers.length] ?? phoItem;
    return make(i + 1, { seat: i % 10 === 9 ? null : (i % PARTS) + 1, quantity: String(1 + (i % 3)) });
  });
  let check = "";
  for (let i = 0; i < ITEMS; i += 50) check = w.does("order.addItems", { order: ORDER, party: PARTY, items: items.slice(i, i + 50) }).result.check;
  return { w, check };
}

type Step = { readonly type: CommandType; readonly input: unknown };
function step<T extends CommandType>(type: T, input: CommandInput<T>): Step {
  return { type, input };
}

export type Operation = { readonly name: string; readonly before: readonly Step[]; readonly asked: Step };

const operation = (n: number) => id("operation", n);
const part = (n: number) => id("check", 9_000_000 + n);
const everyPart = Array.from({ length: PARTS }, (_, i) => part(i + 1));
const item = (n: number) => id("item", n);

/** What is done to a bill of 200 items: whole, and standing in twelve parts. */
export function* operationsOn(only?: readonly string[]): Generator<{ readonly operation: Operation; readonly w: World }> {
  const { check, w: whole } = largeBill();
  const shareOf = (n: number) => Object.values(whole.get("check", check)?.shares ?? {}).find((share) => share.item === item(n))?.share ?? "";
  const bySeat = step("check.splitBySeat", { operation: operation(1), check, checks: everyPart, shared: "stay" });
  const divided = step("check.splitBySeat", { operation: operation(1), check, checks: everyPart, shared: "divide" });
  const parts = everyPart.slice(0, PARTS - 1);
  const merge = step("check.merge", { operation: operation(2), target: check, sources: parts });
  const half = { share: shareOf(10), fraction: { numerator: 1, denominator: 3 } };
  const many = Array.from({ length: ITEMS / 2 }, (_, i) => ({ share: shareOf(2 * i + 1) }));
  const split = step("check.split", { operation: operation(2), check, into: [{ check: part(99), lines: many }] });
  const shared = step("check.share", { operation: operation(2), items: [10, 20, 30, 40, 50].map(item), check, among: [check, ...parts] });
  const adjust = step("check.adjust", { check, adjustment: id("adjustment", 1), kind: "discount", rate: "0.1", reason: "guest of the house" });
  const all: readonly Operation[] = [
    { name: "split off 100 lines", before: [], asked: split },
    { name: "split a line to two of 12 parts", before: [bySeat], asked: step("check.split", { operation: operation(2), check, into: parts.slice(0, 2).map((to) => ({ check: to, lines: [half] })) }) },
    { name: "share 5 lines with 12 parts", before: [bySeat], asked: shared },
    { name: "by seat", before: [], asked: bySeat },
    { name: "by seat, sharing the rest", before: [], asked: divided },
    { name: "equally", before: [], asked: step("check.setParts", { check, parts: everyPart.map((_, i) => ({ part: id("part", i + 1), name: `${i + 1} of ${PARTS}` })) }) },
    { name: "merge 12 parts", before: [bySeat], asked: merge },
    { name: "merge 12 parts that share", before: [divided], asked: merge },
    { name: "move", before: [bySeat], asked: step("check.move", { operation: operation(2), check, to: { kind: "label", label: "Tab Mike" } }) },
    { name: "adjust", before: [], asked: adjust },
    { name: "adjust one of 12 parts", before: [bySeat], asked: adjust },
    { name: "undo split off 100 lines", before: [split], asked: step("check.undo", { operation: operation(2), check }) },
    { name: "undo share", before: [bySeat, shared], asked: step("check.undo", { operation: operation(2), check }) },
    { name: "undo by seat", before: [bySeat], asked: step("check.undo", { operation: operation(1), check }) },
    { name: "undo by seat, sharing the rest", before: [divided], asked: step("check.undo", { operation: operation(1), check }) },
    { name: "undo merge", before: [bySeat, merge], asked: step("check.undo", { operation: operation(2), check }) },
  ];
  for (const one of all) {
    if (only && !only.includes(one.name)) continue;
    const { w } = largeBill();
    for (const { type, input } of one.before) w.does(type, input as never, MANAGER);
    yield { operation: one, w };
  }
}

/** What an engine may have noted of a state it looked at is not known of its copy. */
function unseen(state: unknown): unknown {
  if (typeof state !== "object" || state === null) return state;
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, key === "shares" ? { ...(value as object) } : (value as unknown)]));
}

/**
 * Milliseconds from the loaded states to what is appended: what is read is named, decided, and folded into the states that are stored with it.
 * Nobody has looked at the states before.
 */
export function decideOnce(w: World, { asked }: Operation): number {
  const definition = commandDefinition(asked.type);
  if (!definition) throw new Error(`no command ${asked.type}`);
  const context = w.context(MANAGER);
  const parsed: unknown = definition.schema.parse(asked.input);
  const copies = new Map<string, unknown>();
  for (const { kind, stream } of refsOf(definition, parsed, w, context)) copies.set(stream, unseen(w.get(kind, stream)));
  const reader: Reader = { get: <K extends AggregateKind>(_: K, stream: string) => copies.get(stream) as StateOf[K] | undefined };
  const stamp = { organizer: context.organizer, merchant: context.merchant, now: context.now, occurredAt: context.now, businessDate: context.businessDate, commandId: "", correlationId: "", actor: "", source: "/hub", newEventId: () => context.newId("event") };
  const began = performance.now();
  refsOf(definition, parsed, reader, context);
  const decision = definition.decide(parsed, reader, context);
  if ("refused" in decision) throw new Error(`${asked.type} was refused: ${JSON.stringify(decision)}`);
  draftChanges(decision.changes, ({ stream }): Known => ({ version: 1, state: copies.get(stream) as Known["state"] }), stamp);
  return performance.now() - began;
}
