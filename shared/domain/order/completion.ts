import { familyRefs, membersOf } from "../check/family.ts";
import type { CheckState } from "../check/state.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Reader } from "../command.ts";
import { change, guard, ref } from "../deciding.ts";
import { ordersOf } from "../floor/state.ts";
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

/** Orders of the same party that end with these, or go on: who looks at one must have read them all. */
export function partyRefs(party: string | null | undefined, reader: Reader): readonly Ref[] {
  if (party === null || party === undefined) return [];
  const state = reader.get("party", party);
  return [ref("party", party), ...(state ? ordersOf(state).map((order) => ref("order", order)) : [])];
}

/**
 * What is written on the parties of orders that end: a party is settled with the last of its orders, those of parties that joined it included. Orders that go on
 * are held as they were read, so that of two which end at once the second sees the first.
 */
export function partiesSettled(ended: readonly OrderState[], reader: Reader): readonly Change[] {
  const ending = new Set(ended.map(({ id }) => id));
  const parties = new Set(ended.flatMap(({ party }) => party ?? []));
  return [...parties].flatMap((id): readonly Change[] => {
    const party = reader.get("party", id);
    if (!party || party.cleared || party.settled) return [];
    const others = ordersOf(party).flatMap((order) => reader.get("order", order) ?? []).filter((order) => !ending.has(order.id) && !order.completed);
    if (others.length > 0) return others.map((order) => guard("order", order.id));
    const last = ended.filter((order) => order.party === id).at(-1);
    return last ? [change("party", id, [{ type: "allocation.usage.settled", data: { order: last.id } }])] : [];
  });
}
