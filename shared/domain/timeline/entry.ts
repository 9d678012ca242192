import type { ApprovalAction } from "#shared/events/approval.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { AdjustmentKind, OperationKind, PaymentMethod } from "#shared/events/sale-check.ts";
import type { CheckStatus } from "../check/state.ts";

/** A line or a part of one, as the bill reads it. `part`: "1/4" of the item, null for all of it. `amount`: after what was taken off. */
export type TimelineLine = { readonly item: string; readonly name: string; readonly quantity: string; readonly part: string | null; readonly seat: number | null; readonly amount: Money };

/** One thing that happened to a check. Words are made on the screen. */
export type TimelineStep =
  | { readonly kind: "opened"; readonly origin: "order" | "split" | "merge"; readonly label: string; readonly server: string }
  /** `why` as the event says (`split`, `void`, …); null: entered, edited or removed on the tablet. */
  | { readonly kind: "lines"; readonly why: string | null; readonly added: readonly TimelineLine[]; readonly removed: readonly TimelineLine[]; readonly changed: readonly { readonly from: TimelineLine; readonly to: TimelineLine }[] }
  | { readonly kind: "voided-item"; readonly name: string; readonly quantity: string; readonly reason: string; readonly wasFired: boolean; readonly wasMade: boolean }
  | { readonly kind: "adjusted"; readonly adjustment: AdjustmentKind; readonly rate: string | null; readonly amount: Money | null; readonly reason: string; readonly by: string; readonly approvedBy: string }
  | { readonly kind: "adjustment-removed"; readonly adjustment: AdjustmentKind; readonly reason: string }
  /** Rates as fractions of one; null: none. */
  | { readonly kind: "charge"; readonly from: string | null; readonly to: string | null; readonly reason: string | null }
  | { readonly kind: "parts"; readonly parts: readonly { readonly name: string; readonly amount: Money | null }[] }
  | { readonly kind: "moved"; readonly from: { readonly label: string; readonly server: string }; readonly to: { readonly label: string; readonly server: string } }
  | { readonly kind: "surgery"; readonly operation: string; readonly what: OperationKind; readonly checks: readonly string[]; readonly into: string | null }
  | { readonly kind: "undone"; readonly operation: string; readonly what: OperationKind }
  | { readonly kind: "presented"; readonly number: number }
  | { readonly kind: "attempt"; readonly state: "opened" | "unknown" | "captured" | "failed" | "expired" | "cancelled"; readonly payment: string; readonly method: PaymentMethod | null; readonly provider: string | null; readonly amount: Money | null }
  | { readonly kind: "payment"; readonly payment: string; readonly method: PaymentMethod; readonly provider: string | null; readonly amount: Money; readonly tip: Money; readonly rounding: Money; readonly tendered: Money | null; readonly change: Money | null; readonly reference: string | null }
  | { readonly kind: "payment-reversed"; readonly payment: string; readonly method: PaymentMethod; readonly amount: Money; readonly reason: string }
  | { readonly kind: "tip"; readonly payment: string; readonly tip: Money }
  | { readonly kind: "overpaid"; readonly payment: string; readonly amount: Money }
  | { readonly kind: "overpayment-applied"; readonly payment: string; readonly method: PaymentMethod; readonly amount: Money }
  | { readonly kind: "refunded"; readonly refund: string; readonly number: string; readonly amount: Money; readonly reason: string; readonly approvedBy: string }
  | { readonly kind: "refund-rerouted"; readonly refund: string; readonly method: PaymentMethod; readonly amount: Money }
  | { readonly kind: "refund-cancelled"; readonly refund: string }
  | { readonly kind: "paid" }
  | { readonly kind: "closed"; readonly number: string }
  | { readonly kind: "printed"; readonly copy: number }
  | { readonly kind: "voided"; readonly reason: string }
  | { readonly kind: "approved"; readonly action: ApprovalAction; readonly by: string; readonly inPlace: boolean }
  | { readonly kind: "other"; readonly type: string };

/** `staff` without a name: somebody whose record this place may not read. */
export type TimelineActor = { readonly kind: "staff" | "device" | "consumer" | "system"; readonly id: string | null; readonly name: string | null };

/** What one command did to the check. */
export type TimelineEntry = {
  /** Of the check's stream, the first and the last that it wrote: `version` is what `history.checkAt` takes. */
  readonly from: number;
  readonly version: number;
  readonly command: string;
  /** When it happened for people, and when the hub wrote it down. */
  readonly at: string;
  readonly recordedAt: string;
  readonly businessDate: string | null;
  readonly actor: TimelineActor;
  readonly steps: readonly TimelineStep[];
  /** After it. `change`: of the total. */
  readonly status: CheckStatus;
  readonly total: Money;
  readonly change: Money;
  readonly paid: Money;
  readonly due: Money;
};
