import type { MaintenanceKind, ReplayFrom } from "#shared/events/system.ts";

/** Stream `dlt_…`: an event that a consumer has given up (RUN-4). */
export type DeadLetterState = {
  readonly id: string;
  readonly group: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly attempts: number;
  /** `retrying` also stands for one whose retry succeeded: it comes back as open if it did not. */
  readonly status: "open" | "retrying" | "discarded";
};

/** Stream `mnt_…`: one rebuild or replay that an operator asked for (RUN-5). */
export type MaintenanceState = {
  readonly id: string;
  readonly kind: MaintenanceKind;
  readonly group: string;
  readonly from: ReplayFrom | null;
  readonly by: string;
  readonly reason: string;
  readonly requestedAt: string;
  readonly status: "requested" | "completed" | "failed";
  readonly cause: string | null;
};
