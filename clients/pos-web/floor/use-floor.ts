import { useMemo } from "react";
import { floorView, ordersWithoutTable, type FloorStates, type OrderView, type TableView } from "#shared/domain/floor/floor-view.ts";
import { useHubNow } from "../../kit/clock.ts";
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
  const minute = Math.floor(useHubNow(clock, 10_000) / 10_000) * 10_000;
  return useMemo(() => floorView(states, new Date(minute).toISOString()), [states, minute]);
}

export function useTakeaways(): readonly OrderView[] {
  const states = useFloorStates();
  return useMemo(() => ordersWithoutTable(states), [states]);
}
