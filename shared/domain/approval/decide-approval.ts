import type { z } from "zod";
import { denyApproval, grantApproval, requestApproval, withdrawApproval } from "#shared/commands/approval.ts";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import type { Money } from "#shared/events/primitives.ts";
import { moneyOf } from "#shared/money/money.ts";
import type { AggregateKind, Ref, StateOf } from "../aggregate.ts";
import { worthOf } from "../check/cuts.ts";
import { chargeMoney } from "../check/totals.ts";
import type { Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, guard, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import type { ApprovalState } from "./state.ts";
import { approvalHash, APPROVERS, capabilityFor, fullSubject, isMoreThan } from "./subject.ts";

/** A manager may be at a guest's table; nobody looks for a request of yesterday. */
const ANSWERED_WITHIN_MS = 30 * 60_000;
/** The yes is for what is on the screen now. */
const USED_WITHIN_MS = 10 * 60_000;

type Until = { readonly expiresAt: string };

function later(context: Context, ms: number): string {
  return new Date(Date.parse(context.now) + ms).toISOString();
}

function targetRefs(target: string, reader: Reader): readonly Ref[] {
  switch (target.slice(0, 3)) {
    case "chk":
      return [ref("check", target)];
    case "ord":
      return [ref("order", target)];
    case "drw":
      return [ref("drawer", target)];
    case "hac":
      return [ref("house-account", target)];
    default: {
      const check = reader.get("payment", target)?.check;
      return [ref("payment", target), ...(check === undefined ? [] : [ref("check", check)])];
    }
  }
}

/** Whose name the target goes by; undefined when there is no such thing here. */
function namedBy(target: string, reader: Reader): (Ref & { readonly label: string }) | undefined {
  const named = <K extends AggregateKind>(kind: K, stream: string | undefined, labelOf: (state: StateOf[K]) => string) => {
    const state = stream === undefined ? undefined : reader.get(kind, stream);
    return state === undefined || stream === undefined ? undefined : { kind, stream, label: labelOf(state) };
  };
  switch (target.slice(0, 3)) {
    case "chk":
      return named("check", target, ({ label }) => label);
    case "ord":
      return named("order", target, ({ label }) => label);
    case "drw":
      return named("drawer", target, ({ name }) => name);
    case "hac":
      return named("house-account", target, ({ name }) => name);
    default:
      return named("check", reader.get("payment", target)?.check, ({ label }) => label);
  }
}

/** What it comes to now: a rate on lines (one on the whole check is for what the table orders on, too), or the service charge. */
function worthNow(action: ApprovalAction, { target, lines, rate }: ApprovalSubject, reader: Reader): Money | null | Refusal {
  const check = target.startsWith("chk_") ? reader.get("check", target) : undefined;
  if (!check) return null;
  if (action === "remove-service-charge") return chargeMoney(check);
  if (rate === null || lines.length === 0) return null;
  const worth = worthOf(check, lines, rate);
  return typeof worth === "bigint" ? moneyOf(worth, check.currency) : worth;
}

/** The hub reckons what it comes to; less, when the approver was shown less before a line was added. */
function withLimit(action: ApprovalAction, given: ApprovalSubject, reader: Reader): { readonly subject: ApprovalSubject } | Refusal {
  const { upTo: shown, ...subject } = given;
  const upTo = worthNow(action, given, reader);
  if (upTo === null) return { subject };
  if ("refused" in upTo) return upTo;
  return { subject: { ...subject, upTo: shown && isMoreThan({ ...given, upTo }, given) ? shown : upTo } };
}

function decideRequest({ approval, action, subject: given }: z.output<typeof requestApproval>, reader: Reader, context: Context): Decision<Until> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (reader.get("approval", approval)) return refuse("approval-exists", { approval });
  if (context.actor.capabilities.includes(capabilityFor(action))) return refuse("approval-not-needed", { action });
  const named = namedBy(given.target, reader);
  if (named === undefined) return refuse("unknown-target", { target: given.target });
  const limited = withLimit(action, fullSubject(given), reader);
  if ("refused" in limited) return limited;
  const { subject } = limited;
  const expiresAt = later(context, ANSWERED_WITHIN_MS);
  // It must be called so still: a guest who was erased meanwhile would stand in the request.
  const requested = { action, subject, hash: approvalHash(action, subject), label: named.label, by, device: context.actor.device, expiresAt };
  return { changes: [change("approval", approval, [{ type: "approval.requested", data: requested }]), ...(named.kind === "drawer" ? [] : [guard(named.kind, named.stream)])], result: { expiresAt } };
}

export const requestApprovalCommand = command({
  type: "approval.request",
  version: 1,
  capability: "order.take",
  alsoAllowed: ["check.settle", "drawer.operate"],
  owner: "merchant",
  schema: requestApproval,
  reads: (input, reader) => [ref("approval", input.approval), ...targetRefs(input.subject.target, reader)],
  decide: decideRequest,
});

type Deciding = { readonly asked: ApprovalState; readonly by: Person };

function decided({ status, decidedBy }: ApprovalState): Refusal {
  return refuse("approval-decided", { status, by: decidedBy?.name ?? null });
}

/** Who says yes to a thing is somebody who may do that thing, and not only some other. */
function deciding(approval: string, reader: Reader, context: Context): Deciding | Refusal {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const asked = reader.get("approval", approval);
  if (!asked) return refuse("unknown-approval", { approval });
  const capability = capabilityFor(asked.action);
  if (!context.actor.capabilities.includes(capability)) return refuse("capability-missing", { capability });
  return { asked, by };
}

export const grantApprovalCommand = command({
  type: "approval.grant",
  version: 1,
  capability: APPROVERS[0],
  alsoAllowed: APPROVERS,
  owner: "merchant",
  schema: grantApproval,
  reads: (input) => [ref("approval", input.approval)],
  decide: ({ approval }, reader, context): Decision<Until> => {
    const found = deciding(approval, reader, context);
    if ("refused" in found) return found;
    const { asked, by } = found;
    if (asked.status === "granted" && asked.decidedBy?.staff === by.staff) return { changes: [], result: { expiresAt: asked.expiresAt } };
    if (asked.status !== "pending") return decided(asked);
    if (asked.expiresAt <= context.now) return refuse("approval-expired", { approval });
    const expiresAt = later(context, USED_WITHIN_MS);
    // Over the asker's screen it is the asker's device that says it.
    const inPlace = asked.device !== null && asked.device === context.actor.device;
    return { changes: [change("approval", approval, [{ type: "approval.granted", data: { by, inPlace, expiresAt } }])], result: { expiresAt } };
  },
});

export const denyApprovalCommand = command({
  type: "approval.deny",
  version: 1,
  capability: APPROVERS[0],
  alsoAllowed: APPROVERS,
  owner: "merchant",
  schema: denyApproval,
  reads: (input) => [ref("approval", input.approval)],
  decide: ({ approval, reason }, reader, context): Decision<Nothing> => {
    const found = deciding(approval, reader, context);
    if ("refused" in found) return found;
    const { asked, by } = found;
    if (asked.status === "denied") return NO_CHANGE;
    if (asked.status !== "pending" && asked.status !== "granted") return decided(asked);
    return { changes: [change("approval", approval, [{ type: "approval.denied", data: { by, reason } }])], result: {} };
  },
});

export const withdrawApprovalCommand = command({
  type: "approval.withdraw",
  version: 1,
  capability: "order.take",
  alsoAllowed: ["check.settle", "drawer.operate"],
  owner: "merchant",
  schema: withdrawApproval,
  reads: (input) => [ref("approval", input.approval)],
  decide: ({ approval }, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const asked = reader.get("approval", approval);
    if (!asked) return refuse("unknown-approval", { approval });
    if (asked.askedBy.staff !== by.staff) return refuse("approval-of-another", { by: asked.askedBy.name });
    if (asked.status === "withdrawn") return NO_CHANGE;
    if (asked.status !== "pending" && asked.status !== "granted") return decided(asked);
    return { changes: [change("approval", approval, [{ type: "approval.withdrawn", data: { by } }])], result: {} };
  },
});
