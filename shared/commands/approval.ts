import { z } from "zod";
import { approvalAction, approvalSubject } from "#shared/events/approval.ts";
import { id, text } from "#shared/events/primitives.ts";

/** In the input of every command that may need one. */
export const approvalId = id("approval").nullable().default(null);

/**
 * `approval.request` -> `{ expiresAt }`: asks those who may; the asker works on and hears of the answer as an event.
 * Refuses: approval-exists, unknown-target { target }, approval-not-needed { action } (the asker may do it without asking),
 * unknown-share { share } (a rate of lines that are not on the check). Of a rate on lines, or a service charge, the hub notes what it comes to now, as `subject.upTo`.
 */
export const requestApproval = z.object({ approval: id("approval"), action: approvalAction, subject: approvalSubject });
/**
 * `approval.grant` -> `{ expiresAt }`: from the approver's own device; over the asker's screen it is `auth.approve { commandId, approval, staff, pin }`.
 * Refuses: unknown-approval, approval-expired, approval-decided { status, by }, capability-missing { capability }.
 */
export const grantApproval = z.object({ approval: id("approval") });
/** `approval.deny` -> `{}`: also takes back a yes that was not used yet. Refuses as `approval.grant`. */
export const denyApproval = z.object({ approval: id("approval"), reason: text(80).nullable().default(null) });
/** `approval.withdraw` -> `{}`: by the one who asked. Refuses: unknown-approval, approval-of-another { by }, approval-decided. */
export const withdrawApproval = z.object({ approval: id("approval") });
