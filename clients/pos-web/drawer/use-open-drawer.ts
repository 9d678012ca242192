import type { DrawerState } from "#shared/domain/cash/state.ts";
import { useAggregates } from "../../kit/hooks.ts";

/** The till's drawer. With several open, the one that was opened last is this till's. */
export function useOpenDrawer(): DrawerState | undefined {
  return useAggregates("drawer")
    .filter((drawer) => drawer.closed === null)
    .sort((a, b) => b.openedAt.localeCompare(a.openedAt))[0];
}
