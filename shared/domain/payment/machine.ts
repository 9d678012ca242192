/** DOM-14. */
export type PaymentStatus = "created" | "sent" | "authorized" | "captured" | "settled" | "failed" | "expired" | "cancelled" | "reversed" | "unknown";
export type Transition = "send" | "authorize" | "increment" | "adjust-tip" | "capture" | "fail" | "expire" | "cancel" | "reverse" | "lose" | "settle";

const open = { authorize: "authorized", capture: "captured", fail: "failed", expire: "expired", cancel: "cancelled" } as const;
/** It ended, and the money was taken all the same: accepted and flagged, never lost. Everything else is absorbed. */
const ended = { capture: "captured" } as const;

const NEXT: Readonly<Record<PaymentStatus, Readonly<Partial<Record<Transition, PaymentStatus>>>>> = {
  created: { ...open, send: "sent", lose: "unknown" },
  sent: { ...open, lose: "unknown" },
  // The terminal is heard of again: the guest is still being asked.
  unknown: { ...open, send: "sent" },
  authorized: { increment: "authorized", "adjust-tip": "authorized", capture: "captured", fail: "failed", expire: "expired", cancel: "cancelled", lose: "unknown" },
  captured: { "adjust-tip": "captured", reverse: "reversed", settle: "settled" },
  settled: {},
  failed: ended,
  expired: ended,
  cancelled: ended,
  reversed: {},
};

/** The status after it, or null: absorbed, nothing happens. */
export function after(status: PaymentStatus, transition: Transition): PaymentStatus | null {
  return NEXT[status][transition] ?? null;
}

/** The guest may still be charged. */
export function isOpen(status: PaymentStatus): boolean {
  return status === "created" || status === "sent" || status === "authorized" || status === "unknown";
}

/** The money is with us. */
export function isTaken(status: PaymentStatus): boolean {
  return status === "captured" || status === "settled";
}

export const STATUSES = Object.keys(NEXT) as readonly PaymentStatus[];
export const TRANSITIONS: readonly Transition[] = ["send", "authorize", "increment", "adjust-tip", "capture", "fail", "expire", "cancel", "reverse", "lose", "settle"];
