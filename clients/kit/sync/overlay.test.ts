import { expect, test } from "vitest";
import type { CheckState } from "#shared/domain/check/state.ts";
import { idsOfCommand } from "#shared/domain/ids-of-command.ts";
import { commandDefinition, type CommandInput, type CommandType } from "#shared/domain/registry.ts";
import { id, MANAGER } from "#shared/domain/testing/given.ts";
import { burgerItem, eur, latteItem, ORDER, PARTY, seated } from "#shared/domain/testing/place.ts";
import { isAssumed } from "../commands/assumable.ts";
import { folding } from "../testing/floor-fixture.ts";
import { project, type Assumed } from "./overlay.ts";
import { stateOf, type Kinds } from "./world.ts";

const w = seated();
const { check: A } = w.does("order.addItems", { order: ORDER, party: PARTY, items: [latteItem(1), burgerItem(2)] }).result;
const B = id("check", 9_000_001);
const confirmed: Kinds = {
  check: new Map([[A, { version: 1, state: w.get("check", A) }]]),
  order: new Map([[ORDER, { version: 1, state: w.get("order", ORDER) }]]),
};

function assumed<T extends CommandType>(type: T, input: CommandInput<T>): Assumed {
  const definition = commandDefinition(type);
  if (!definition) throw new Error(`no command ${type}`);
  return { commandId: "", definition, input: definition.schema.parse(input), context: w.context(MANAGER), ids: [] };
}
let made = 0;
const after = (...commands: readonly Assumed[]) => project(confirmed, commands, folding, (kind) => id(kind, 8_000_000 + ++made));
const itemsOn = (kinds: Kinds, check: string) => Object.values((stateOf(kinds, "check", check) as CheckState | undefined)?.shares ?? {}).map(({ item }) => item);
const latte = Object.values((w.get("check", A) as CheckState).shares).find(({ item }) => item === id("item", 1))?.share ?? "";
const split = assumed("check.split", { operation: id("operation", 1), check: A, into: [{ check: B, lines: [{ share: latte }] }] });

test("a line that is moved is on the other part before the hub has answered, and back when that is undone", () => {
  expect(itemsOn(after(split), A)).toEqual([id("item", 2)]);
  expect(itemsOn(after(split), B)).toEqual([id("item", 1)]);
  expect(itemsOn(after(split, assumed("check.undo", { operation: id("operation", 1), check: A })), A)).toEqual([id("item", 2), id("item", 1)]);
});

test("a part of a line is named as the hub names it: what comes is what is shown", () => {
  const into = [{ check: B, lines: [{ share: latte, fraction: { numerator: 1, denominator: 2 } }] }];
  const half = { ...assumed("check.split", { operation: id("operation", 3), check: A, into }), commandId: "01JD0000000000000000000003" };
  const decided = half.definition.decide(half.input, { get: w.get }, { ...half.context, newId: idsOfCommand(half.commandId, (kind) => id(kind, 7_000_000)) });
  if ("refused" in decided) throw new Error("was refused");
  const named = decided.changes.flatMap(({ events }) => events.flatMap(({ type, data }) => (type === "sale.check.updated" ? data.added.map(({ share }) => share) : [])));
  expect(named).toHaveLength(1);
  for (let i = 0; i < 2; i++) expect(Object.keys((stateOf(after(half), "check", B) as CheckState | undefined)?.shares ?? {})).toEqual(named);
});

test("what the hub will refuse is not shown", () => {
  const twice = assumed("check.merge", { operation: id("operation", 2), target: A, sources: [A] });
  expect(after(twice)).toBe(confirmed);
});

test("what cannot be folded with what this screen holds is not assumed, and disturbs no other command: a merge of a bill whose payment it was never told of", () => {
  const paid = seated();
  const { check } = paid.does("order.addItems", { order: ORDER, party: PARTY, items: [latteItem(1), burgerItem(2)] }).result;
  const states = (...checks: readonly string[]): Kinds => ({
    check: new Map(checks.map((stream) => [stream, { version: 1, state: paid.get("check", stream) }])),
    order: new Map([[ORDER, { version: 1, state: paid.get("order", ORDER) }]]),
  });
  const shares = Object.values((paid.get("check", check) as CheckState).shares);
  const [first, second] = [shares[0]?.share ?? "", shares[1]?.share ?? ""];
  paid.does("check.split", { operation: id("operation", 11), check, into: [{ check: B, lines: [{ share: first }] }] });
  paid.does("payment.takeCard", { payment: id("payment", 1), check: B, slip: "1", amount: eur(100) });
  const merge = assumed("check.merge", { operation: id("operation", 12), target: check, sources: [B] });
  const other = assumed("check.split", { operation: id("operation", 13), check, into: [{ check: id("check", 9_000_002), lines: [{ share: second }] }] });
  const shown = (confirmedNow: Kinds, ...commands: readonly Assumed[]) => project(confirmedNow, commands, folding, (kind) => id(kind, 8_000_000 + ++made));

  const unmerged = states(check, B);
  expect(shown(unmerged, merge)).toBe(unmerged);
  expect(itemsOn(shown(unmerged, merge, other), id("check", 9_000_002))).toEqual([id("item", 2)]);
  expect(shown(unmerged, other, merge)).toEqual(shown(unmerged, other));

  paid.does("check.merge", { operation: id("operation", 12), target: check, sources: [B] });
  const merged = states(check, B);
  expect(shown(merged, assumed("check.undo", { operation: id("operation", 12), check }))).toBe(merged);
});

test("what moves lines about is assumed; what is paid, taken off, closed or printed is so when the hub says so", () => {
  for (const type of ["check.split", "check.splitBySeat", "check.share", "check.merge", "check.move", "check.setParts", "check.undo"]) expect(isAssumed(type)).toBe(true);
  for (const type of ["payment.takeCash", "payment.refund", "check.adjust", "check.removeServiceCharge", "check.present", "check.close"]) expect(isAssumed(type)).toBe(false);
});
