import { expect, test } from "vitest";
import { COMMANDS } from "#shared/domain/registry.ts";
import { capability, type Capability } from "#shared/events/identity.ts";
import { CAPABILITIES } from "./place.ts";

/** The installation's own; a person may do without. */
const OPERATORS: readonly Capability[] = ["operate.system"];
const asked = COMMANDS.map((command) => ({ type: command.type as string, any: [command.capability, ...("alsoAllowed" in command ? (command.alsoAllowed ?? []) : [])] as readonly Capability[] }));
const mayDo = (has: readonly Capability[]) => new Set(asked.filter(({ any }) => any.some((one) => has.includes(one))).map(({ type }) => type));

test("DOM-20: the demo's manager may do whatever a person can be asked to do", () => {
  const may = mayDo(CAPABILITIES.manager);
  const not = asked.filter(({ any, type }) => !may.has(type) && !any.every((one) => OPERATORS.includes(one)));
  expect(not).toEqual([]);
  for (const type of ["order.split", "order.merge", "order.undo", "check.split", "check.merge", "check.undo", "party.undo", "payment.refund", "day.close", "commerce.changePolicies", "stock.setCost", "ledger.generate"]) expect([type, may.has(type)]).toEqual([type, true]);
  expect(capability.options.filter((one) => !CAPABILITIES.manager.includes(one) && !OPERATORS.includes(one))).toEqual([]);
});

test("DOM-20: a waiter settles and divides, and changes no policy, no price and no book; a cook cooks", () => {
  const waiter = mayDo(CAPABILITIES.waiter);
  for (const type of ["order.split", "check.split", "check.undo", "payment.takeCard"]) expect([type, waiter.has(type)]).toEqual([type, true]);
  for (const type of ["commerce.changePolicies", "catalog.updateProduct", "stock.setCost", "ledger.generate", "day.close", "drawer.open"]) expect([type, waiter.has(type)]).toEqual([type, false]);
  expect([...mayDo(CAPABILITIES.cook)].every((type) => type.startsWith("ticket.") || type.startsWith("stock."))).toBe(true);
});
