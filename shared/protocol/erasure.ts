/** How far it is to forget a guest. */
export type ErasureProgress = {
  /** `written`: gone from the database, and on its way out of Redis. */
  readonly state: "waiting" | "written" | "done";
  /** `readers`: consumers that have not read all that was written; `kitchen`: food with an allergy that is being made; `rebuild`: a projection that is built anew. */
  readonly waitsFor: "readers" | "kitchen" | "chain" | "printing" | "rebuild" | "trouble" | null;
  readonly events: number | null;
  readonly streams: number | null;
  readonly slips: number | null;
  readonly files: number | null;
  /** Entries that Redis may still hold. */
  readonly left: number;
  /** Entries that were taken out of Redis, and are looked at once more. */
  readonly again: number;
};
