import type { ApprovalAction, ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Context, Reader, Refusal } from "../command.ts";
import { change, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { approvalHash, capabilityFor, fullSubject, isMoreThan } from "./subject.ts";

/** `approval`: the input's, from `approvalId`. */
export type Wanted = { readonly approval: string | null; readonly action: ApprovalAction; readonly subject: ApprovalSubjectInput };
/** `changes` go into the decision, so that the approval is used up in the same transaction; `by` is who answers for it. */
export type Approved = { readonly changes: readonly Change[]; readonly by: Person };

/** For `reads` of a command that takes an approval. */
export function approvalRefs(approval: string | null): readonly Ref[] {
  return approval === null ? [] : [ref("approval", approval)];
}

/**
 * DOM-20: whether the actor may do this now. Who has the capability needs nobody; everybody else an approval that was granted to them, for exactly
 * this, in time, and not used yet. Refuses: approval-required { action, subject, capability }, unknown-approval, approval-pending, approval-denied { by, reason },
 * approval-used, approval-expired, approval-of-another { by }, approval-mismatch { action, subject } (something has changed since it was asked).
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
  if (asked.action !== action || asked.hash !== approvalHash(action, subject) || isMoreThan(subject, asked.subject)) return refuse("approval-mismatch", { action: asked.action, subject: asked.subject });
  return { changes: [change("approval", asked.id, [{ type: "approval.used", data: { by } }])], by: asked.decidedBy };
}
