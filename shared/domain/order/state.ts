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
};
