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
};
