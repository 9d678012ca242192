import type { JobRow } from "./print-jobs.ts";
import { grouped, type Finding, type History } from "./history.ts";

/** What was done to the product, from then until it was whole again (Infinity: never); milliseconds since 1970. */
export type Trouble = { readonly fault: string; readonly from: number; readonly to: number };

/** A lost worker's lease, and how long a printer's confirmation is waited for; what people are told of it comes after that. */
const TOLD_WITHIN_MS = 20_000;
/** A drawer's opening is stale then; whoever prints may be told so a lease later. */
const DRAWER_MS = 30_000;
/** A worker that is gone had one job under way at each printer; two things may be done at once. */
const MOST_OF_ONE = 2;

/** Nothing of hubs, providers and Redis comes between a slip's bytes and what is written down of them. */
function mayLeaveUnseen({ fault }: Trouble): boolean {
  return !/^(all )?(hubs?|provider|Redis|master|slot)\b/.test(fault) || /consumers|print|Postgres/.test(fault);
}

/** PRN-4: nobody saw a slip's end only where something was wrong with its printer, with who prints or with where it is written down; and a drawer's opening came too late only where something was wrong at all. */
export function checkUnseen(history: Pick<History, "of">, jobs: readonly JobRow[], troubles: readonly Trouble[]): Finding[] {
  const told = new Map(history.of("printing.job.unknown").map(({ subject, time }) => [subject, Date.parse(time)]));
  const explains = (from: number, to: number) => (trouble: Trouble) => trouble.from <= to && trouble.to + TOLD_WITHIN_MS >= from;
  const leaving = troubles.filter(mayLeaveUnseen);
  const lost = grouped(jobs.filter(({ state, cause }) => state === "unknown" && cause === "worker-lost"), ({ printer }) => printer);
  return [
    ...jobs.flatMap(({ id, kind, printer, state, cause, created_at }) => {
      const created = created_at.getTime();
      // The log is told of paper alone.
      const at = told.get(id);
      const isExplained = state === "unknown" ? leaving.some(explains(at ?? created, at ?? created + DRAWER_MS)) : state !== "expired" || troubles.some(explains(created, created + DRAWER_MS));
      return isExplained ? [] : [`${printer}: print job ${id} (${kind}) ended as ${state}, ${cause}, when nothing was wrong that explains it`];
    }),
    ...[...lost].flatMap(([printer, own]) => {
      const most = MOST_OF_ONE * leaving.length;
      return most > 0 && own.length > most ? [`${printer}: ${own.length} print jobs were lost with their worker, ${most} at most by what was done`] : [];
    }),
  ];
}
