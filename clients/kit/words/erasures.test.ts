import { expect, test } from "vitest";
import type { ErasureProgress } from "#shared/protocol/erasure.ts";
import { erasureInWords, erasurePercent } from "./erasures.ts";

const asked: ErasureProgress = { state: "waiting", waitsFor: null, events: null, streams: null, slips: null, files: null, left: 0, again: 0 };
const written: ErasureProgress = { ...asked, state: "written", events: 8, streams: 3, slips: 1, files: 0, left: 8 };

test("an erasure says what it waits for, how far it is and what came of it", () => {
  const steps: readonly ErasureProgress[] = [asked, { ...asked, waitsFor: "readers" }, { ...asked, waitsFor: "kitchen" }, { ...asked, waitsFor: "chain" }, { ...asked, waitsFor: "rebuild" }, { ...asked, waitsFor: "printing" }, { ...asked, waitsFor: "trouble" }, written, { ...written, left: 2, again: 6 }, { ...written, left: 0, again: 8 }, { ...written, state: "done", left: 0 }];
  expect(steps.map((step) => [erasureInWords(step), erasurePercent(step)])).toEqual([
    ["Begins in a moment", 0],
    ["It waits until all have read what was written before", 20],
    ["It waits until the kitchen is done with food that has an allergy, or its day is over", 20],
    ["It waits until the audit has noted what was written", 20],
    ["It waits for a projection that is built anew", 20],
    ["It waits for a slip that is being printed", 20],
    ["It could not be done, and is tried again", 20],
    ["Erased in the database: 8 events, 3 places of the log, 1 slip, 0 files. 8 entries of Redis are left", 60],
    ["Erased in the database: 8 events, 3 places of the log, 1 slip, 0 files. 2 entries of Redis are left", 82],
    ["Erased in the database: 8 events, 3 places of the log, 1 slip, 0 files. Redis has none of it any more, and is looked at once more within a minute", 90],
    ["Erased: 8 events, 3 places of the log, 1 slip, 0 files", 100],
  ]);
});
