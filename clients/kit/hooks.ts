import { createContext, useContext, useState } from "react";
import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { HubClient } from "./hub-client.ts";
import type { SessionState, SignedIn } from "./session/session.ts";
import type { OutboxState } from "./commands/outbox.ts";
import { useStore } from "./store.ts";
import type { ConnectionState } from "./sync/connection.ts";
import { steadyList } from "./sync/steady-list.ts";
import { stateOf, statesOf } from "./sync/world.ts";

export const HubContext = createContext<HubClient | null>(null);

export function useHub(): HubClient {
  const hub = useContext(HubContext);
  if (!hub) throw new Error("no hub client above this component");
  return hub;
}

/** One aggregate, as confirmed and assumed; undefined when this screen does not know it. */
export function useAggregate<K extends AggregateKind>(kind: K, stream: string | null | undefined): StateOf[K] | undefined {
  const { world } = useHub();
  return useStore(world.view, (view) => (stream ? stateOf(view.kinds, kind, stream) : undefined));
}

/** The same without what is only assumed: what the hub is known to have. */
export function useConfirmed<K extends AggregateKind>(kind: K, stream: string | null | undefined): StateOf[K] | undefined {
  const { world } = useHub();
  return useStore(world.view, (view) => (stream ? stateOf(view.confirmed, kind, stream) : undefined));
}

/** All of a kind that this screen knows, those that are over included. */
export function useAggregates<K extends AggregateKind>(kind: K): readonly StateOf[K][] {
  const { world } = useHub();
  return useStore(world.view, (view) => statesOf(view.kinds, kind));
}

/** Those of a kind that `pick` picks. The same list as long as it holds the same: what happens elsewhere draws nothing again. */
export function usePicked<K extends AggregateKind>(kind: K, pick: (states: readonly StateOf[K][]) => readonly StateOf[K][]): readonly StateOf[K][] {
  const { world } = useHub();
  const [steady] = useState(() => steadyList<StateOf[K]>());
  return useStore(world.view, (view) => steady(pick(statesOf(view.kinds, kind))));
}

/** The first of a kind that is meant. */
export function useFound<K extends AggregateKind>(kind: K, isMeant: (state: StateOf[K]) => boolean): StateOf[K] | undefined {
  const { world } = useHub();
  return useStore(world.view, (view) => statesOf(view.kinds, kind).find(isMeant));
}

export function useWorldLoaded(): boolean {
  const { world } = useHub();
  return useStore(world.view, (view) => view.loaded);
}

/** Ask for no more of it than is shown: when the hub was last heard changes with every word of it. */
export function useConnection<Picked>(pick: (state: ConnectionState) => Picked): Picked {
  const { connection } = useHub();
  return useStore(connection.state, pick);
}

export function useOutbox<Picked>(pick: (state: OutboxState) => Picked): Picked {
  const { outbox } = useHub();
  return useStore(outbox.state, pick);
}

export function useSession(): SessionState {
  const { session } = useHub();
  return useStore(session.state, (state) => state);
}

export function useSignedIn(): SignedIn | null {
  const { author, signedIn } = useSession();
  return author === null ? null : (signedIn[author] ?? null);
}

export function useMay(capability: Capability): boolean {
  return useSignedIn()?.capabilities.includes(capability) ?? false;
}

export function useMerchant(): MerchantState | undefined {
  const { pairing } = useSession();
  return useAggregate("merchant", pairing?.merchant.id);
}
