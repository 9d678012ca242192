import { drop, payIn, payOut, payTips } from "#shared/commands/cash.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits } from "#shared/money/money.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { unitNow } from "../merchant/charged-unit.ts";
import { seesExpected, toldOf, type Told } from "./blind.ts";
import { evolveDrawer } from "./evolve.ts";
import type { DrawerState } from "./state.ts";
import { provisionalEnvelope } from "../provisional.ts";

/** A session's report lists them all. */
export const MOST_MOVEMENTS = 500;

type Wanted = { readonly drawer: string; readonly movement: string; readonly amount: Money };
type Ready = { readonly drawer: DrawerState; readonly by: Person };

/** For `reads`: where it comes out of or goes into, its own stream, on which two of one id meet, and whose coins they are. */
function refsOf({ drawer, movement }: Pick<Wanted, "drawer" | "movement">, context: Context): readonly Ref[] {
  return [ref("drawer", drawer), ref("movement", movement), ref("merchant", context.merchant)];
}

/** In whichever drawer. */
export function isMade(movement: string, reader: Reader): boolean {
  return reader.get("movement", movement) !== undefined;
}

export function made(movement: string, drawer: string): Change {
  return change("movement", movement, [{ type: "cash.movement.made", data: { drawer } }]);
}

/** An open drawer, and a new movement in its currency. */
function ready(input: Wanted, reader: Reader, context: Context): Ready | Refusal {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const drawer = reader.get("drawer", input.drawer);
  if (!drawer) return refuse("unknown-drawer", { drawer: input.drawer });
  if (drawer.closed) return refuse("drawer-closed", { drawer: drawer.id, name: drawer.name });
  const { expected, movements } = drawer;
  if (input.amount.currency !== expected.currency) return refuse("wrong-currency", { currency: expected.currency });
  const odd = unitRefusal({ amount: input.amount }, unitNow(reader.get("merchant", context.merchant)));
  if (odd) return odd;
  if (isMade(input.movement, reader)) return refuse("movement-exists", { movement: input.movement });
  if (movements.length >= MOST_MOVEMENTS) return refuse("too-many-movements", { most: MOST_MOVEMENTS });
  return { drawer, by };
}

/** Asked last, when somebody has agreed: whoever counts blind would find out what is in it by asking for more and more. */
function shortOf({ amount }: Wanted, drawer: DrawerState, context: Context): Refusal | null {
  return minorUnits(amount) > minorUnits(drawer.expected) ? refuse("not-enough-cash", toldOf(drawer, context)) : null;
}

function moved(drawer: DrawerState, event: Extract<DomainEvent, { data: { movement: string } }>, others: readonly Change[], context: Context): Decision<Told> {
  const after = evolveDrawer(drawer, provisionalEnvelope(event, drawer.id, 1, context));
  return { changes: [change("drawer", drawer.id, [event]), made(event.data.movement, drawer.id), ...others], result: toldOf(after, context) };
}

const movement = { version: 1, capability: "drawer.operate", owner: "merchant" } as const;

export const payInCommand = command({
  ...movement,
  type: "drawer.payIn",
  schema: payIn,
  reads: (input, _, context) => refsOf(input, context),
  decide: (input, reader, context): Decision<Told> => {
    const found = ready(input, reader, context);
    if ("refused" in found) return found;
    const { movement, amount, from, reason } = input;
    return moved(found.drawer, { type: "cash.drawer.paidIn", data: { movement, amount, from, reason, by: found.by } }, [], context);
  },
});

export const payOutCommand = command({
  ...movement,
  type: "drawer.payOut",
  schema: payOut,
  reads: (input, reader, context) => [...refsOf(input, context), ...approvalRefs(input.approval, reader)],
  decide: (input, reader, context): Decision<Told> => {
    const found = ready(input, reader, context);
    if ("refused" in found) return found;
    const { drawer, movement, amount, reason, approval } = input;
    const approved = requireApproval({ approval, action: "pay-out", subject: { target: drawer, purpose: input.for, amount, reason } }, reader, context);
    if ("refused" in approved) return approved;
    const short = shortOf(input, found.drawer, context);
    if (short) return short;
    const paid = { type: "cash.drawer.paidOut" as const, data: { movement, amount, for: input.for, reason, approval: approved.changes.length > 0 ? approval : null, by: found.by } };
    return moved(found.drawer, paid, approved.changes, context);
  },
});

export const payTipsCommand = command({
  ...movement,
  type: "drawer.payTips",
  schema: payTips,
  reads: (input, reader, context) => [...refsOf(input, context), ref("staff", input.to), ...approvalRefs(input.approval, reader)],
  decide: (input, reader, context): Decision<Told> => {
    const found = ready(input, reader, context);
    if ("refused" in found) return found;
    const staff = reader.get("staff", input.to);
    if (!staff) return refuse("unknown-staff", { staff: input.to });
    const { movement, amount, to, approval } = input;
    const person = { staff: to, name: staff.name };
    // What is owed to them is the ledger's, tips on cards included: a decision cannot see it, so somebody answers for it.
    const approved = requireApproval({ approval, action: "pay-out", subject: { target: input.drawer, purpose: input.pool === true ? "tips-of-pool" : "tips", person, amount } }, reader, context);
    if ("refused" in approved) return approved;
    const short = shortOf(input, found.drawer, context);
    if (short) return short;
    return moved(found.drawer, { type: "cash.drawer.tipsPaid", data: { movement, amount, to: person, ...(input.pool === true ? { pool: true } : {}), by: found.by } }, approved.changes, context);
  },
});

export const dropCommand = command({
  ...movement,
  type: "drawer.drop",
  schema: drop,
  reads: (input, _, context) => refsOf(input, context),
  decide: (input, reader, context): Decision<Told> => {
    const found = ready(input, reader, context);
    if ("refused" in found) return found;
    // Nobody agrees to a drop, and the coins are in the bag: a no is for those who are told what is in the drawer anyway. The others' count shows it.
    const short = seesExpected(context.actor.capabilities) ? shortOf(input, found.drawer, context) : null;
    if (short) return short;
    const { movement, amount, reason, bag } = input;
    return moved(found.drawer, { type: "cash.drawer.dropped", data: { movement, amount, reason, bag, by: found.by } }, [], context);
  },
});
