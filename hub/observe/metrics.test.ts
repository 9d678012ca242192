import { expect, test } from "vitest";
import { createMetrics } from "#hub/metrics.ts";
import type { EventLog } from "#hub/log/append.ts";
import type { Realtime } from "#hub/realtime/create-realtime.ts";
import { AGE_STEPS_MS } from "#shared/age-steps.ts";
import type { Look } from "./alerts.ts";
import type { BackboneStatus, Observer } from "./observer.ts";
import { createTotals } from "./totals.ts";

const worked = (owner: string, applied: number) => ({ owner, group: "kitchen", applied, failed: 0, cutOff: 0, ages: new Array<number>(AGE_STEPS_MS.length + 1).fill(0) });
const waits = (owner: string, full: number) => ({ owner, queue: "append", length: 1, bound: 10, full });
const look = (atMs: number, head: bigint, work: Look["work"], queues: Look["queues"] = []) => ({ atMs, head, groups: [] as Look["groups"], work, queues }) as Look;

/** Of /metrics, by what a scrape says of it. */
async function told(looks: readonly Look[], status: Partial<BackboneStatus> = {}) {
  const metrics = createMetrics();
  const totals = createTotals();
  const observer = { looks: () => looks, totals, status: () => ({ groups: [], queues: [], alerts: [], processes: 0, publish: { redis: "up", behind: 0, ahead: false }, ...status }) } as unknown as Observer;
  const log = { state: () => ({ append: { queued: 0 } }) } as unknown as EventLog;
  metrics.watch(log, { stats: () => ({ sockets: 0, slow: 3 }) } as unknown as Realtime, observer, () => 9_000);
  const said: string[] = [];
  for (const one of looks) {
    totals.add(one);
    said.push(await metrics.registry.metrics());
  }
  return { metrics, said, last: said.at(-1) ?? "" };
}
const values = (said: readonly string[], name: string) => said.map((text) => Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "m").exec(text)?.[1]));

test("regression: a counter never falls, also when a process that had worked has ended and is forgotten", async () => {
  const { said, last } = await told([
    look(0, 100n, [worked("one", 500)], [waits("c-1", 7)]),
    look(5_000, 130n, [worked("one", 530), worked("two", 20)], [waits("c-1", 9), waits("c-2", 1)]),
    look(10_000, 90n, [worked("two", 25)], [waits("c-2", 1)]),
    look(15_000, 95n, [worked("two", 25)], [waits("c-1", 9), waits("c-2", 2)]),
  ]);
  expect(values(said, "comanda_consumer_applied_total")).toEqual([0, 50, 55, 55]);
  expect(values(said, "comanda_queue_full_total")).toEqual([0, 3, 3, 4]);
  expect(values(said, "comanda_events_total")).toEqual([0, 30, 30, 35]);
  expect(last).toMatch(/^# TYPE comanda_slow_sockets_total counter\ncomanda_slow_sockets_total 3$/m);
});

test("a counter of a consumer that has done nothing yet stands at 0", async () => {
  const idle = { group: "stock", shards: [], lag: 0, oldestMs: null, owners: 1, parkedEvents: 0, parkedKeys: 0, parkedMs: null, deadLetters: 0 };
  const { last } = await told([{ ...look(0, 0n, [worked("one", 5)]), groups: [idle] }]);
  for (const name of ["applied", "failed", "cut_off"]) expect(last).toContain(`comanda_consumer_${name}_total{group="stock"} 0\n`);
});

test("regression: events too old to be counted are no events of zero seconds, and none at all are no figure", async () => {
  const group = { group: "kitchen", shards: [], lag: 0, oldestMs: null, owners: 1, parkedEvents: 0, parkedKeys: 0, parkedMs: null, deadLetters: 0, appliedPerSecond: 0, failedInAMinute: 0, cutOffInAMinute: 0 };
  const groups = [{ ...group, p95AgeMs: Number.POSITIVE_INFINITY }, { ...group, group: "stock", p95AgeMs: null }, { ...group, group: "ledger", p95AgeMs: 250 }];
  const { last } = await told([look(0, 0n, [])], { groups });
  expect(last.split("\n").filter((line) => line.startsWith("comanda_consumer_age_p95_seconds"))).toEqual(['comanda_consumer_age_p95_seconds{group="kitchen"} +Inf', 'comanda_consumer_age_p95_seconds{group="ledger"} 0.25']);
});

test("how Redis takes what is written, and how old the figures are", async () => {
  const { last } = await told([look(2_000, 0n, [])], { publish: { redis: "up", behind: 3, ahead: false, refused: "OOM" } });
  expect(last.split("\n").filter((line) => /^comanda_publish_state.* 1$/.test(line))).toEqual(['comanda_publish_state{state="refuses"} 1']);
  expect(last).toContain("comanda_look_age_seconds 7");
});

test("regression: a caller who makes up methods makes no labels", async () => {
  const { metrics } = await told([]);
  for (let i = 0; i < 50; i++) metrics.reply({ method: `M${i}`, status: 405 });
  metrics.reply({ method: "GET", status: 200 });
  expect((await metrics.registry.metrics()).split("\n").filter((line) => line.startsWith("comanda_http_replies_total"))).toEqual(['comanda_http_replies_total{method="other",status="405"} 50', 'comanda_http_replies_total{method="GET",status="200"} 1']);
});
