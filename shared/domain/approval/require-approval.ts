import type { ApprovalAction, ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Context, Reader, Refusal } from "../command.ts";
import { change, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { approvalHash, capabilityFor, fullSubject, isMoreThan } from "./subject.ts";

/** `approval`: the input's, from `approvalId`. */
export type Wanted = { readonly approval: string | null; readonly action: ApprovalAction; readonly subject: ApprovalSubjectInput };
/** `changes` go into the decision, so that the approval is used up in the same transaction; `by` is who answers for it. */
export type Approved = { readonly changes: readonly Change[]; readonly by: Person };

/** For `reads` of a command that takes an approval: it, and who said yes to it. */
export function approvalRefs(approval: string | null, reader: Reader): readonly Ref[] {
  if (approval === null) return [];
  const approver = reader.get("approval", approval)?.decidedBy;
  return [ref("approval", approval), ...(approver ? [ref("staff", approver.staff)] : [])];
}

/** Who was disabled, or may not do it any more, answers for nothing: a yes ends with it. */
function mayStill(approver: Person, capability: Capability, reader: Reader, context: Context): boolean {
  const staff = reader.get("staff", approver.staff);
  return !staff || (!staff.disabled && staff.work.some(({ merchant, capabilities }) => merchant === context.merchant && capabilities.includes(capability)));
}

/**
 * DOM-20: whether the actor may do this now. Who has the capability needs nobody; everybody else an approval that was granted to them, for exactly
 * this, in time, and not used yet. Refuses: approval-required { action, subject, capability }, unknown-approval, approval-pending, approval-denied { by, reason },
 * approval-used, approval-expired, approval-of-another { by }, approver-gone { by } (who said yes was disabled, or may not any more), approval-mismatch { action, subject } (something has changed since it was asked).
 */
export function requireApproval({ approval, action, subject: given }: Wanted, reader: Reader, context: Context): Approved | Refusal {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const capability = capabilityFor(action);
  if (context.actor.capabilities.includes(capability)) return { changes: [], by };
  const subject = fullSubject(given);
  if (approval === null) return refuse("approval-required", { action, subject, capability });
  const asked = reader.get("approval", approval);
  if (!asked) return refuse("unknown-approval", { approval });
  if (asked.askedBy.staff !== by.staff) return refuse("approval-of-another", { by: asked.askedBy.name });
  if (asked.status === "used") return refuse("approval-used", { approval });
  if (asked.status === "denied") return refuse("approval-denied", { by: asked.decidedBy?.name ?? null, reason: asked.reason });
  if (asked.status === "withdrawn" || asked.expiresAt <= context.now) return refuse("approval-expired", { approval });
  if (asked.status === "pending" || asked.decidedBy === null) return refuse("approval-pending", { approval });
  if (!mayStill(asked.decidedBy, capability, reader, context)) return refuse("approver-gone", { by: asked.decidedBy.name });
  if (asked.action !== action || asked.hash !== approvalHash(action, subject) || isMoreThan(subject, asked.subject)) return refuse("approval-mismatch", { action: asked.action, subject: asked.subject });
  return { changes: [change("approval", asked.id, [{ type: "approval.used", data: { by } }])], by: asked.decidedBy };
}
