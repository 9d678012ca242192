import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import type { Person } from "../floor/state.ts";

/** pending -> granted -> used; or denied, or withdrawn. What is past `expiresAt` is over whatever its status says. */
export type ApprovalStatus = "pending" | "granted" | "denied" | "withdrawn" | "used";
/** DOM-20. Stream = the approval's id. */
export type ApprovalState = {
  readonly id: string;
  readonly action: ApprovalAction;
  readonly subject: ApprovalSubject;
  /** Of action and subject: what is done must hash to the same. */
  readonly hash: string;
  /** What people call the thing it is done to. */
  readonly label: string;
  readonly askedBy: Person;
  readonly device: string | null;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly status: ApprovalStatus;
  readonly decidedBy: Person | null;
  readonly decidedAt: string | null;
  readonly inPlace: boolean;
  /** Why it was denied. */
  readonly reason: string | null;
};
