import { pino } from "pino";
import { expect, test } from "vitest";
import { tellCommitted, type CommittedDeps } from "./committed.ts";
import type { Lease } from "./leases.ts";
import { parseEvent } from "./separate.ts";

test("an event is as old as its group let it become: its wait for company is no delay", () => {
  const told: [number, bigint][] = [];
  const deps = (waited: number): CommittedDeps => ({
    waitedMs: () => waited,
    log: { publish: () => {} } as unknown as CommittedDeps["log"],
    clock: { now: () => 10_000 },
    logger: pino({ enabled: false }),
    observe: { applied: (_group, _events, nowMs, replayedTo) => void told.push([nowMs, replayedTo]), failed: () => {} },
    wake: () => {},
  });
  for (const waited of [0, 250]) tellCommitted(deps(waited), { group: "audit", shard: 0, replayedTo: 7n } as Lease, [parseEvent(0, 1n, "{}")], { appended: [], wakes: [] });
  expect(told).toEqual([[10_000, 7n], [9_750, 7n]]);
});
