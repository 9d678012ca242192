import type { OrderHeader, OrderItem } from "#shared/events/sale-order.ts";

/** entered (unsent) -> held | fired -> voided (DOM-4). An entered item that is removed is gone. */
export type ItemStatus = "entered" | "held" | "fired" | "voided";
export type OrderItemState = OrderItem & {
  readonly status: ItemStatus;
  readonly mark: "NEW" | "ADD" | null;
  readonly enteredAt: string;
  readonly sentAt: string | null;
  readonly firedAt: string | null;
  readonly voidReason: string | null;
  /** Its portions were taken from a countdown when it was sent. */
  readonly counted: boolean;
  /** The event that sent it, which names its tickets. Absent: not sent yet. */
  readonly sentBy?: string | undefined;
};
export type CourseState = { readonly course: number; readonly status: "held" | "fired"; readonly firedAt: string | null; readonly by: string | null };
export type OrderState = OrderHeader & {
  readonly id: string;
  readonly defaultCheck: string;
  readonly openedAt: string;
  /** Courses that were sent at least once. */
  readonly courses: readonly CourseState[];
  readonly completed: boolean;
  readonly items: Readonly<Record<string, OrderItemState>>;
  /** Set while it is completed because all of it went to another order. */
  readonly mergedInto?: string | null;
  /** Merges into this order, and splits from it, that can be undone. */
  readonly operations?: readonly OrderOperation[];
  /** Every order that it was ever merged with, split from or divided into, undone or not: their streams may hold each other's words. */
  readonly together?: readonly string[];
  /** Default checks that it had before. */
  readonly homes?: readonly string[];
};
/** `with`: the order that merged into this one, or was split from it; `checks`: those that changed their order with it. */
export type OrderOperation = { readonly operation: string; readonly kind: "merge" | "split"; readonly with: string; readonly items: readonly string[]; readonly checks: readonly string[] };
