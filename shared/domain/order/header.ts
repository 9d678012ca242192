import { finish, onBench } from "../check/bench.ts";
import { isLive } from "../check/family.ts";
import { benchOf } from "../check/surgery.ts";
import { chargeForCovers } from "../check/charge-for-covers.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Reader, Refusal } from "../command.ts";
import { change, ref } from "../deciding.ts";
import { ordersOf, type PartyState, type Person } from "../floor/state.ts";
import { sameJson } from "../same.ts";
import { orderCheckRefs } from "./completion.ts";
import { headerOf } from "./decide-send.ts";
import { partyLabel } from "./open-order.ts";
import type { OrderState } from "./state.ts";

/** What relabelling a party's orders has to read. */
export function partyOrderRefs(party: PartyState | undefined, reader: Reader): readonly Ref[] {
  return party ? ordersOf(party).flatMap((id) => [ref("order", id), ...orderCheckRefs(reader.get("order", id), reader)]) : [];
}

export function openOrdersOf(party: PartyState, reader: Reader): readonly OrderState[] {
  return ordersOf(party).flatMap((id) => {
    const order = reader.get("order", id);
    return order && !order.completed ? [order] : [];
  });
}

export type Names = { readonly party: Pick<PartyState, "id" | "tables" | "covers" | "server">; readonly takesServer: boolean };
export type Renamed = { readonly operation: string | null; readonly why: "move" | "hand-over" | "covers"; readonly by: Person };

/** Orders that get one party's names. */
export type Naming = { readonly orders: readonly OrderState[]; readonly names: Names };

/**
 * Orders and their open checks get their party's names, and the charge that its covers mean. A check that was moved elsewhere stays there. The kitchen's tickets
 * follow the order's new header; nothing is fired by it.
 */
export function renamed(orders: readonly OrderState[], names: Names, renaming: Renamed, reader: Reader): readonly Change[] | Refusal {
  return allRenamed([{ orders, names }], renaming, reader);
}

/** Of several parties at once: their checks may be one family, which is worked out once. */
export function allRenamed(namings: readonly Naming[], { operation, why, by }: Renamed, reader: Reader): readonly Change[] | Refusal {
  const changes: Change[] = [];
  for (const { orders, names } of namings) {
    for (const order of orders) {
      const before = headerOf(order);
      const header = { ...before, party: names.party.id, label: partyLabel(names.party) ?? order.label, server: names.takesServer ? names.party.server : order.server };
      if (!sameJson(header, before)) changes.push(change("order", order.id, [{ type: "sale.order.headerChanged", data: { header, operation, by } }]));
    }
  }
  const homes = [...new Set(namings.flatMap(({ orders }) => orders.map(({ defaultCheck }) => defaultCheck)))].flatMap((id) => reader.get("check", id) ?? []);
  if (homes.length === 0) return changes;
  const bench = benchOf(homes, reader);
  for (const check of [...bench.now.values()]) {
    const naming = namings.find(({ orders }) => orders.some(({ id, party }) => id === check.order && party === check.party));
    if (!naming || !isLive(check)) continue;
    const { party, takesServer } = naming.names;
    const { charge, ...plain } = onBench(bench, check.id);
    // Somebody has removed it; and what is paid in full is not opened again by one more guest.
    const stays = charge === null || check.status === "paid";
    const due = stays ? charge : chargeForCovers(check.policies, party.covers);
    bench.now.set(check.id, { ...plain, ...(due === undefined ? {} : { charge: due }), party: party.id, label: partyLabel(party) ?? check.label, server: takesServer ? party.server : check.server });
  }
  const checks = finish(bench, (check, delta) => ({ type: "sale.check.updated", data: { ...delta, why: bench.before.get(check.id)?.label === check.label && why === "move" ? "family" : why, by } }));
  return "refused" in checks ? checks : [...changes, ...checks];
}
