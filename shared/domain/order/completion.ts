import { familyRefs, membersOf } from "../check/family.ts";
import type { CheckState } from "../check/state.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Reader } from "../command.ts";
import { change } from "../deciding.ts";
import type { OrderState } from "./state.ts";

export function isSettled(check: CheckState): boolean {
  return check.status === "closed" || check.status === "voided";
}

/** The order's default check with all that its items may have been split and merged to. */
export function orderCheckRefs(order: OrderState | undefined, reader: Reader): readonly Ref[] {
  return order ? familyRefs([order.defaultCheck], reader) : [];
}

/** Every check that bears something of the order, its default check, and parts of it that are empty. */
export function checksOf(order: OrderState, reader: Reader): readonly CheckState[] {
  const home = reader.get("check", order.defaultCheck);
  if (!home) return [];
  return membersOf(home, reader).filter((check) => {
    const shares = Object.values(check.shares);
    return check.id === home.id || (shares.length === 0 && check.order === order.id) || shares.some((share) => share.order === order.id);
  });
}

/**
 * An order ends when its checks are closed (or void) and nothing of it waits, neither unsent nor held; its party is told, so that the floor can offer the table.
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
