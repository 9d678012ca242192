import type { Look } from "./alerts.ts";
import { workBetween, type WorkDone } from "./work.ts";

export type Totals = {
  /** By group. */
  readonly work: ReadonlyMap<string, Pick<WorkDone, "applied" | "failed" | "cutOff">>;
  /** How often a queue had no room, over all processes of a kind. */
  readonly full: ReadonlyMap<string, { readonly process: ProcessKind; readonly queue: string; readonly times: number }>;
  /** Events written to the log. */
  readonly events: number;
};
export type ProcessKind = "hub" | "consumers";

/** After so long without a word a process has ended. */
const FORGET_MS = 3_600_000;

export function kindOf(owner: string): ProcessKind {
  return owner === "hub" ? "hub" : "consumers";
}

/**
 * What has happened since this hub began to look. Sums over the processes that are there would fall when one ends, or when its figures are forgotten,
 * and whoever reads them as counters would take that for a beginning anew.
 */
export function createTotals(): Totals & { add(look: Look): void } {
  const work = new Map<string, { applied: number; failed: number; cutOff: number }>();
  const full = new Map<string, { process: ProcessKind; queue: string; times: number }>();
  const fullOf = new Map<string, { full: number; atMs: number }>();
  let events = 0;
  let last: Look | undefined;
  return {
    work,
    full,
    get events() {
      return events;
    },
    add(look) {
      // A counter begins at nothing, so that its first step is seen: also of a group that has done nothing yet.
      for (const group of new Set([...look.groups, ...look.work].map((one) => one.group))) {
        const done = last === undefined ? undefined : workBetween(last.work, look.work, group);
        const before = work.get(group) ?? { applied: 0, failed: 0, cutOff: 0 };
        work.set(group, { applied: before.applied + (done?.applied ?? 0), failed: before.failed + (done?.failed ?? 0), cutOff: before.cutOff + (done?.cutOff ?? 0) });
      }
      for (const { owner, queue, full: now } of look.queues) {
        const process = kindOf(owner);
        const then = fullOf.get(`${owner} ${queue}`)?.full ?? (last === undefined && process !== "hub" ? now : 0);
        const before = full.get(`${process} ${queue}`)?.times ?? 0;
        full.set(`${process} ${queue}`, { process, queue, times: before + Math.max(0, now - then) });
        fullOf.set(`${owner} ${queue}`, { full: now, atMs: look.atMs });
      }
      for (const [name, { atMs }] of fullOf) if (look.atMs - atMs > FORGET_MS) fullOf.delete(name);
      // A restored log is shorter.
      events += last === undefined || look.head < last.head ? 0 : Number(look.head - last.head);
      last = look;
    },
  };
}
