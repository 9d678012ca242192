import type { DomainEvent } from "#shared/events/catalog.ts";
import type { CheckState } from "../check/state.ts";
import type { OrderState } from "./state.ts";

export function isSettled(check: CheckState): boolean {
  return check.status === "closed" || check.status === "voided";
}

/**
 * The order ends when its checks are closed and nothing of it waits: neither unsent nor held.
 * `noLongerWaiting`: the items that the same decision takes out of waiting.
 */
export function completesOrder(order: OrderState, checkSettled: boolean, noLongerWaiting: readonly string[] = []): readonly DomainEvent[] {
  if (order.completed || !checkSettled) return [];
  const waits = Object.values(order.items).some((item) => (item.status === "entered" || item.status === "held") && !noLongerWaiting.includes(item.item));
  return waits ? [] : [{ type: "sale.order.completed", data: {} }];
}
