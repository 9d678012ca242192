import type { ErasureProgress } from "#shared/protocol/erasure.ts";

const WAITS = { chain: "waits until the audit has noted what was written", printing: "waits for a slip that is being printed", trouble: "could not be done, and is tried again" } as const;

export function erasureInWords({ state, waitsFor, events, streams, slips, files, left }: ErasureProgress): string {
  if (state === "waiting") return waitsFor === null ? "Begins in a moment" : `It ${WAITS[waitsFor]}`;
  const gone = [counted(events, "event"), `${counted(streams, "place")} of the log`, counted(slips, "slip"), counted(files, "file")].join(", ");
  return state === "done" ? `Erased: ${gone}` : `Erased in the database: ${gone}. ${left === 0 ? "Redis is looked at" : `${left} entries of Redis are left`}`;
}

/** Postgres is most of it; Redis is looked at twice. */
export function erasurePercent({ state, events, left }: ErasureProgress): number {
  if (state === "waiting") return 0;
  return state === "done" ? 100 : 60 + Math.floor(30 * (1 - left / Math.max(left, events ?? 0, 1)));
}

function counted(many: number | null, what: string): string {
  return `${many ?? 0} ${what}${many === 1 ? "" : "s"}`;
}
