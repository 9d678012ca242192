import type { CheckState } from "../check/state.ts";
import type { Change, Reader } from "../command.ts";
import { change } from "../deciding.ts";
import type { OrderState } from "./state.ts";

export function isSettled(check: CheckState): boolean {
  return check.status === "closed" || check.status === "voided";
}

/**
 * An order ends when its check is closed and nothing of it waits, neither unsent nor held; its party is told, so that the floor can offer the table.
 * `noLongerWaiting`: the items that the same decision takes out of waiting.
 */
export function completesOrder(order: OrderState, checkSettled: boolean, noLongerWaiting: readonly string[] = []): boolean {
  if (order.completed || !checkSettled) return false;
  return !Object.values(order.items).some((item) => (item.status === "entered" || item.status === "held") && !noLongerWaiting.includes(item.item));
}

/** What is written on the order's party when the order ends. */
export function partySettled(order: OrderState, reader: Reader): readonly Change[] {
  const party = order.party === null ? undefined : reader.get("party", order.party);
  if (!party || party.cleared || party.order !== order.id) return [];
  return [change("party", party.id, [{ type: "allocation.usage.settled", data: { order: order.id } }])];
}
