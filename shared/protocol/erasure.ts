/** How far it is to forget a guest. */
export type ErasureProgress = {
  /** `written`: gone from the database, and on its way out of Redis. */
  readonly state: "waiting" | "written" | "done";
  readonly waitsFor: "chain" | "printing" | "trouble" | null;
  readonly events: number | null;
  readonly streams: number | null;
  readonly slips: number | null;
  readonly files: number | null;
  /** Entries that Redis may still hold. */
  readonly left: number;
};
