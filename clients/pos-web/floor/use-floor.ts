import { useMemo } from "react";
import { floorView, ordersWithoutTable, type FloorStates, type OrderView, type TableView } from "#shared/domain/floor/floor-view.ts";
import { useHubTime } from "../../kit/clock.ts";
import { useAggregates, useHub, useMerchant } from "../../kit/hooks.ts";

function useFloorStates(): FloorStates {
  const tables = useAggregates("table");
  const parties = useAggregates("party");
  const orders = useAggregates("order");
  const checks = useAggregates("check");
  const tickets = useAggregates("ticket");
  const merchant = useMerchant();
  return useMemo(() => ({ tables, parties, orders, checks, tickets, ...(merchant ? { kitchen: merchant } : {}) }), [tables, parties, orders, checks, tickets, merchant]);
}

export function useFloor(): readonly TableView[] {
  const { clock } = useHub();
  const states = useFloorStates();
  const minute = useHubTime(clock, 10_000, (now) => Math.floor(now / 10_000) * 10_000);
  return useMemo(() => floorView(states, new Date(minute).toISOString()), [states, minute]);
}

/** Paid and closed, and not made yet: the order is over, its tickets are not (paid before made is legal, DOM-3). */
export type BeingMade = { readonly order: string; readonly label: string; readonly promisedAt: string | null; readonly ready: number; readonly of: number };

export function useBeingMade(): readonly BeingMade[] {
  const tickets = useAggregates("ticket");
  const orders = useAggregates("order");
  return useMemo(() => {
    const open = new Set(orders.filter((order) => !order.completed).map((order) => order.id));
    const made = new Map<string, BeingMade>();
    for (const ticket of tickets.filter((each) => each.serviceType !== "dine_in" && !open.has(each.order))) {
      const items = Object.values(ticket.items).filter((item) => item.status !== "voided");
      const before = made.get(ticket.order) ?? { order: ticket.order, label: ticket.label, promisedAt: ticket.promisedAt, ready: 0, of: 0 };
      made.set(ticket.order, { ...before, ready: before.ready + items.filter((item) => item.status === "ready").length, of: before.of + items.length });
    }
    return [...made.values()].filter((each) => each.ready < each.of).sort((a, b) => (a.promisedAt ?? "").localeCompare(b.promisedAt ?? ""));
  }, [tickets, orders]);
}

export function useTakeaways(): readonly OrderView[] {
  const states = useFloorStates();
  return useMemo(() => ordersWithoutTable(states), [states]);
}
