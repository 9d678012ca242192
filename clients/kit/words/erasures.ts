import type { ErasureProgress } from "#shared/protocol/erasure.ts";

const WAITS = { readers: "waits until all have read what was written before", kitchen: "waits until the kitchen is done with food that has an allergy, or its day is over", rebuild: "waits for a projection that is built anew", chain: "waits until the audit has noted what was written", printing: "waits for a slip that is being printed", trouble: "could not be done, and is tried again" } as const;

export function erasureInWords({ state, waitsFor, events, streams, slips, files, left, again }: ErasureProgress): string {
  if (state === "waiting") return waitsFor === null ? "Begins in a moment" : `It ${WAITS[waitsFor]}`;
  const gone = [counted(events, "event"), `${counted(streams, "place")} of the log`, counted(slips, "slip"), counted(files, "file")].join(", ");
  return state === "done" ? `Erased: ${gone}` : `Erased in the database: ${gone}. ${redisInWords(left, again)}`;
}

/** It waits a minute for the second look, and says so. */
function redisInWords(left: number, again: number): string {
  if (left > 0) return `${left} entries of Redis are left`;
  return again > 0 ? "Redis has none of it any more, and is looked at once more within a minute" : "Redis is looked at";
}

/** Postgres is most of it; Redis is looked at twice. */
export function erasurePercent({ state, waitsFor, left, again }: ErasureProgress): number {
  if (state === "done") return 100;
  if (state === "waiting") return waitsFor === null ? 0 : 20;
  return left + again === 0 ? 60 : 60 + Math.floor((30 * again) / (left + again));
}

function counted(many: number | null, what: string): string {
  return `${many ?? 0} ${what}${many === 1 ? "" : "s"}`;
}
