export type TableState = {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly seats: number;
  readonly x: number;
  readonly y: number;
  readonly shape: "round" | "square" | "long";
  /** Parties that use it now; it is free when the last one is cleared. */
  readonly parties: readonly string[];
};
export type Person = { readonly staff: string; readonly name: string };
export type PartyState = {
  readonly id: string;
  readonly tables: readonly { readonly table: string; readonly name: string }[];
  readonly covers: number;
  readonly server: Person;
  readonly order: string;
  readonly seatedAt: string;
  /** Its order is completed: paid, and nothing waits. */
  readonly settled: boolean;
  readonly cleared: boolean;
  /** Orders of parties that joined this one, beside its own. */
  readonly joined?: readonly string[];
  /** Moves and joins that can be undone, latest last. */
  readonly operations?: readonly PartyOperation[];
  /** The party that this one joined; it is over meanwhile. */
  readonly joinedInto?: string | null;
};
type Seats = readonly { readonly table: string; readonly name: string }[];
export type PartyOperation =
  | { readonly operation: string; readonly kind: "move"; readonly was: Seats }
  | { readonly operation: string; readonly kind: "hand-over"; readonly was: Person; readonly to: Person; readonly parties: readonly string[] }
  | { readonly operation: string; readonly kind: "join"; readonly party: string; readonly covers: number; readonly tables: Seats; readonly orders: readonly string[] };

/** Everything that a party ordered and that may still be owed. */
export function ordersOf(party: PartyState): readonly string[] {
  return [...new Set([party.order, ...(party.joined ?? [])])];
}
