import { AGE_STEPS_MS } from "#shared/age-steps.ts";
import type { WorkSeen } from "./backbone.ts";

export type WorkDone = { readonly applied: number; readonly failed: number; readonly cutOff: number; readonly ages: readonly number[] };

const NOTHING: WorkDone = { applied: 0, failed: 0, cutOff: 0, ages: new Array<number>(AGE_STEPS_MS.length + 1).fill(0) };

/** What a group's processes did between two looks; one that came in between began at nothing, one that left is not counted on. */
export function workBetween(before: readonly WorkSeen[], after: readonly WorkSeen[], group: string): WorkDone {
  let done = NOTHING;
  for (const now of after) {
    if (now.group !== group) continue;
    const then = before.find(({ owner, group: of }) => owner === now.owner && of === group);
    done = {
      applied: done.applied + now.applied - (then?.applied ?? 0),
      failed: done.failed + now.failed - (then?.failed ?? 0),
      cutOff: done.cutOff + now.cutOff - (then?.cutOff ?? 0),
      ages: done.ages.map((count, step) => count + (now.ages[step] ?? 0) - (then?.ages[step] ?? 0)),
    };
  }
  return done;
}
