import type { z } from "zod";
import { moveCheck } from "#shared/commands/check.ts";
import type { Operation } from "#shared/events/sale-check.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { namesAt, placeGuards, placeRefs } from "./names-at.ts";
import { isNamed, liveCheck } from "./surgery.ts";

/** The bill goes to other people: a party's table and waiter, or a name. What was ordered stays the order's, and the kitchen hears nothing of it. */
function decide(input: z.output<typeof moveCheck>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const check = liveCheck(input.check, reader);
  if ("refused" in check) return check;
  const names = namesAt(input.to, check, reader);
  if ("refused" in names) return names;
  if (isNamed([check], input.operation)) return refuse("operation-exists", { operation: input.operation });
  const header = { order: check.order, ...names };
  const { label, party: was, server } = check;
  const operation: Operation = { operation: input.operation, kind: "move", by, checks: [check.id], created: [], moves: [], before: [], after: [], payments: [], header: { label, party: was, server } };
  return {
    changes: [
      change("check", check.id, [{ type: "sale.check.updated", data: { added: [], changed: [], removed: [], header, why: "move", operation, by } }]),
      ...placeGuards([input.to]),
    ],
    result: {},
  };
}

export const moveCheckCommand = command({
  type: "check.move",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: moveCheck,
  reads: (input) => [ref("check", input.check), ...placeRefs(input.to)],
  decide,
});
