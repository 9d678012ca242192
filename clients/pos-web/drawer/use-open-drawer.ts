import type { DrawerState } from "#shared/domain/cash/state.ts";
import type { HubClient } from "../../kit/hub-client.ts";
import { useHub, usePicked } from "../../kit/hooks.ts";
import { createStore, useStore, type Store } from "../../kit/store.ts";
import { nameToOpen, ownDrawer } from "./own-drawer.ts";

const KEY = "till";
const tills = new WeakMap<HubClient, Store<string | null>>();

function tillOf(hub: HubClient): Store<string | null> {
  const known = tills.get(hub) ?? createStore(hub.kept.read<string>(KEY));
  tills.set(hub, known);
  return known;
}

function opened(drawers: readonly DrawerState[]): readonly DrawerState[] {
  return drawers.filter((drawer) => drawer.closed === null).sort((a, b) => a.name.localeCompare(b.name));
}

export type Tills = {
  readonly open: readonly DrawerState[];
  /** Of this tablet. */
  readonly own: DrawerState | undefined;
  /** For the next drawer that is opened here. */
  readonly nameToOpen: string;
  /** This tablet's till from now on, also after a restart. */
  choose(name: string): void;
};

/** The drawers that are open, and which one this tablet's cash goes into. */
export function useTills(): Tills {
  const hub = useHub();
  const open = usePicked("drawer", opened);
  const store = tillOf(hub);
  const till = useStore(store, (name) => name);
  return {
    open,
    own: ownDrawer(open, till),
    nameToOpen: nameToOpen(open, till),
    choose(name) {
      hub.kept.write(KEY, name);
      store.set(name);
    },
  };
}

/** This tablet's. */
export function useOpenDrawer(): DrawerState | undefined {
  return useTills().own;
}
