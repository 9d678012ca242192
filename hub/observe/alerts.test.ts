import { expect, test } from "vitest";
import { AGE_STEPS_MS, ageStep } from "#shared/age-steps.ts";
import { alertsOf, type Look } from "./alerts.ts";

const STEP_MS = 5_000;
type Given = Partial<Omit<Look, "groups" | "work">> & { readonly lag?: number; readonly applied?: number; readonly failed?: number; readonly ageMs?: number; readonly oldestMs?: number; readonly owners?: number };

/** One look every five seconds; what a look says is done since the one before. */
function looks(count: number, given: (i: number) => Given): readonly Look[] {
  const ages = new Array<number>(AGE_STEPS_MS.length + 1).fill(0);
  let [applied, failed] = [0, 0];
  return Array.from({ length: count }, (_, i) => {
    const { lag = 0, applied: more = 0, failed: wrong = 0, ageMs = 1, oldestMs, owners = 1, ...rest } = given(i);
    applied += more;
    failed += wrong;
    ages[ageStep(ageMs)] = (ages[ageStep(ageMs)] ?? 0) + more;
    return {
      atMs: i * STEP_MS,
      head: 0n,
      groups: [{ group: "kitchen", shards: [], lag, oldestMs: oldestMs ?? null, owners, parkedEvents: 0, parkedKeys: 0, parkedMs: null, deadLetters: 0 }],
      work: [{ owner: "one", group: "kitchen", applied, failed, cutOff: 0, ages: [...ages] }],
      recentDeadLetters: 0,
      printersDown: 0,
      processes: 1,
      publish: { redis: "up", behind: 0, ahead: false },
      database: "up",
      transactions: [],
      epoch: { reason: "installation", sinceMs: 0 },
      queues: [],
      blocked: [],
      ...rest,
    };
  });
}
const rules = (all: readonly Look[]) => alertsOf(all).map(({ rule }) => rule);

test("nothing is told of a healthy backbone, nor of none", () => {
  expect(alertsOf([])).toEqual([]);
  expect(rules(looks(30, () => ({ applied: 100, lag: 3, ageMs: 20 })))).toEqual([]);
});

test("something waits for a quarter of a minute and nothing is done: told for as long as it is so, also when the lag stays the same", () => {
  const frozen = (i: number) => ({ applied: i < 2 ? 10 : 0, lag: i < 2 ? 0 : 1, ...(i < 2 ? {} : { oldestMs: (i - 2) * STEP_MS }) });
  expect(rules(looks(5, frozen))).toEqual([]);
  expect(alertsOf(looks(6, frozen))).toEqual([{ rule: "standing-still", group: "kitchen", oldestMs: 15_000 }]);
  expect(rules(looks(60, frozen))).toEqual(["standing-still"]);
  // What is given again is old, and worked on.
  expect(rules(looks(8, (i) => ({ applied: 10, lag: 500 - i, oldestMs: 3_600_000 })))).toEqual([]);
});

test("no process of consumers runs: told once for all groups, after a quarter of a minute when nothing waits, and as soon as a group stands still", () => {
  const both = (all: readonly Look[]) => all.map((look) => ({ ...look, groups: look.groups.flatMap((one) => [one, { ...one, group: "stock" }]) }));
  const idle = { processes: 0, owners: 0 };
  expect(rules(looks(3, () => idle))).toEqual([]);
  expect(alertsOf(both(looks(4, () => idle)))).toEqual([{ rule: "nobody-works", groups: "all", oldestMs: null }]);
  expect(rules(looks(4, (i) => (i === 1 ? {} : idle)))).toEqual([]);
  expect(alertsOf(both(looks(6, (i) => ({ lag: 1, oldestMs: i * STEP_MS, ...(i === 5 ? idle : {}) }))))).toEqual([{ rule: "nobody-works", groups: "all", oldestMs: 25_000 }]);
  // None has ever run.
  expect(alertsOf(looks(4, () => idle).map((look) => ({ ...look, groups: [] })))).toEqual([{ rule: "nobody-works", groups: "all", oldestMs: null }]);
});

test("a group that no process holds for a quarter of a minute is named, those that are worked at are not", () => {
  const beside = (all: readonly Look[]) => all.map((look) => ({ ...look, groups: look.groups.flatMap((one) => [one, { ...one, group: "stock", owners: 1, oldestMs: null }]) }));
  expect(rules(looks(3, () => ({ owners: 0 })))).toEqual([]);
  expect(alertsOf(beside(looks(4, () => ({ owners: 0 }))))).toEqual([{ rule: "nobody-works", groups: ["kitchen"], oldestMs: null }]);
  // It is not told of twice.
  expect(alertsOf(beside(looks(6, (i) => ({ owners: 0, lag: 1, oldestMs: i * STEP_MS }))))).toEqual([{ rule: "nobody-works", groups: ["kitchen"], oldestMs: 25_000 }]);
  expect(rules(looks(4, (i) => ({ owners: i === 2 ? 1 : 0 })))).toEqual([]);
});

test("more than ten dead letters in five minutes", () => {
  expect(rules(looks(2, () => ({ recentDeadLetters: 10 })))).toEqual([]);
  expect(alertsOf(looks(2, () => ({ recentDeadLetters: 11 })))).toEqual([{ rule: "dead-letters", count: 11 }]);
});

test("a failure rate over 1 % within the last minute, and not before it", () => {
  expect(rules(looks(13, () => ({ applied: 99, failed: 1 })))).toEqual([]);
  expect(alertsOf(looks(13, () => ({ applied: 989, failed: 11 })))).toEqual([{ rule: "failure-rate", group: "kitchen", percent: 1.1 }]);
  expect(alertsOf(looks(13, () => ({ applied: 49, failed: 1 })))).toEqual([{ rule: "failure-rate", group: "kitchen", percent: 2 }]);
  expect(rules(looks(30, (i) => ({ applied: 50, failed: i < 15 ? 10 : 0 })))).toEqual([]);
});

test("p95 of the age over 100 ms, for a whole minute", () => {
  expect(rules(looks(12, () => ({ applied: 10, ageMs: 400 })))).toEqual([]);
  expect(rules(looks(14, () => ({ applied: 10, ageMs: 100 })))).toEqual([]);
  expect(alertsOf(looks(13, () => ({ applied: 10, ageMs: 101 })))).toEqual([{ rule: "event-age", group: "kitchen", p95Ms: 150 }]);
  expect(alertsOf(looks(14, () => ({ applied: 10, ageMs: 400 })))).toEqual([{ rule: "event-age", group: "kitchen", p95Ms: 500 }]);
  expect(alertsOf(looks(14, () => ({ applied: 10, ageMs: 90_000 })))).toEqual([{ rule: "event-age", group: "kitchen", p95Ms: null }]);
  expect(rules(looks(14, (i) => ({ applied: 10, ageMs: i === 8 ? 20 : 400 })))).toEqual([]);
  // One late event in an idle minute is no trend.
  expect(rules(looks(14, (i) => ({ applied: i === 8 ? 1 : 0, ageMs: 400 })))).toEqual([]);
});

test("lag that has grown for a minute", () => {
  expect(alertsOf(looks(14, (i) => ({ lag: i * 5 })))).toEqual([{ rule: "lag-growing", group: "kitchen", lag: 65 }]);
  expect(rules(looks(10, (i) => ({ lag: i * 5 })))).toEqual([]);
  expect(rules(looks(14, (i) => ({ lag: i === 9 ? 0 : i * 5 })))).toEqual([]);
  expect(rules(looks(14, () => ({ lag: 500 })))).toEqual([]);
  // A consumer that is too slow works in batches.
  expect(alertsOf(looks(14, (i) => ({ lag: i * 50 + (i % 2) * 70 })))).toEqual([{ rule: "lag-growing", group: "kitchen", lag: 720 }]);
  expect(rules(looks(14, (i) => ({ lag: 300 + (i % 2) * 70 })))).toEqual([]);
  // What is on its way when somebody looks, after a minute without any lag.
  expect(rules(looks(14, (i) => ({ lag: i === 13 ? 2 : 0 })))).toEqual([]);
});

test("printers that are down", () => {
  expect(alertsOf(looks(1, () => ({ printersDown: 2 })))).toEqual([{ rule: "printers-down", count: 2 }]);
});

test("publishing that stalls: Redis away, not moving, or past the log", () => {
  const away = { redis: "away", behind: 7, ahead: false } as const;
  expect(rules(looks(2, () => ({ publish: away })))).toEqual([]);
  expect(alertsOf(looks(3, () => ({ publish: away })))).toEqual([{ rule: "publishing-stalled", behind: 7, cause: "redis-away" }]);
  expect(rules(looks(3, (i) => ({ publish: i === 1 ? { ...away, redis: "up", behind: 0 } : away })))).toEqual([]);
  expect(alertsOf(looks(3, () => ({ publish: { redis: "up", behind: 7, ahead: false } })))).toEqual([{ rule: "publishing-stalled", behind: 7, cause: "not-moving" }]);
  expect(rules(looks(3, (i) => ({ publish: { redis: "up", behind: 70 - i, ahead: false } })))).toEqual([]);
  expect(alertsOf(looks(1, () => ({ publish: { redis: "up", behind: 0, ahead: true } })))).toEqual([{ rule: "publishing-stalled", behind: 0, cause: "redis-ahead" }]);
});

test("a queue that was full in the last minute, by how often over all processes", () => {
  const queue = (owner: string, full: number) => ({ owner, queue: "append", length: 0, bound: 10, full });
  expect(rules(looks(20, () => ({ queues: [queue("hub", 7)] })))).toEqual([]);
  expect(alertsOf(looks(3, (i) => ({ queues: [queue("hub", 7 + i), queue("other", i * 2)] })))).toEqual([{ rule: "queue-full", queue: "append", times: 6 }]);
  expect(alertsOf(looks(2, (i) => ({ queues: i === 0 ? [] : [queue("new", 3)] })))).toEqual([{ rule: "queue-full", queue: "append", times: 3 }]);
  expect(rules(looks(30, (i) => ({ queues: [queue("hub", i < 10 ? i : 10)] })))).toEqual([]);
});

test("a process that came in between counts from its beginning, one that left is no loss", () => {
  const [first, second] = looks(2, () => ({ applied: 100 }));
  if (first === undefined || second === undefined) throw new Error("two looks");
  const other = { owner: "two", group: "kitchen", applied: 10, failed: 5, cutOff: 0, ages: first.work[0]?.ages ?? [] };
  expect(alertsOf([first, { ...second, work: [other] }])).toEqual([{ rule: "failure-rate", group: "kitchen", percent: 33.3 }]);
});

test("Redis that has no memory left is said to refuse, and not only to be slow", () => {
  const publish = { redis: "up", behind: 5, ahead: false, refused: "OOM" } as const;
  expect(alertsOf(looks(3, () => ({ publish })))).toEqual([{ rule: "publishing-stalled", behind: 5, cause: "redis-refuses" }]);
  expect(rules(looks(2, () => ({ publish })))).toEqual([]);
});

test("a database that takes nothing, in two looks", () => {
  expect(alertsOf(looks(2, () => ({ database: "full" })))).toEqual([{ rule: "writes-refused", cause: "full" }]);
  expect(rules(looks(3, (i) => ({ database: i === 2 ? "away" : "up" })))).toEqual([]);
});

test("a transaction that is open for a minute, or holds a shard for ten seconds", () => {
  const open = (id: string, shards: number[] = []) => ({ id, pid: 7, user: "postgres", shards });
  expect(alertsOf(looks(13, () => ({ transactions: [open("3/5")] })))).toEqual([{ rule: "transaction-open", pid: 7, user: "postgres", seconds: 60, shards: [] }]);
  expect(rules(looks(12, () => ({ transactions: [open("3/5")] })))).toEqual([]);
  // A connection of one transaction after another is none that is left open.
  expect(rules(looks(30, (i) => ({ transactions: [open(`3/${i}`, [4])] })))).toEqual([]);
  expect(alertsOf(looks(3, () => ({ transactions: [open("3/5", [4])] })))).toEqual([{ rule: "transaction-open", pid: 7, user: "postgres", seconds: 10, shards: [4] }]);
});

test("LOG-7: a new epoch is told of for a day", () => {
  expect(alertsOf(looks(1, () => ({ atMs: 1_000, epoch: { reason: "promotion", sinceMs: 500 } })))).toEqual([{ rule: "new-epoch", reason: "promotion", atMs: 500 }]);
  expect(rules(looks(1, () => ({ atMs: 25 * 3_600_000, epoch: { reason: "promotion", sinceMs: 500 } })))).toEqual([]);
});

test("a handler that blocked its process is told of for ten minutes, once for each process", () => {
  const blocked = (sinceMs: number, standsIn: string | null) => ({ process: "one", sinceMs, outcome: "ended" as const, standsIn, handlers: [{ group: "kitchen", shard: 3, from: "7", to: "7" }] });
  const both = [blocked(0, "spin"), blocked(STEP_MS, "turn")];
  expect(alertsOf(looks(2, () => ({ blocked: both })))).toEqual([{ rule: "thread-blocked", process: "one", outcome: "ended", standsIn: "turn", handlers: both[1]?.handlers }]);
  expect(rules(looks(2, (i) => ({ atMs: i * STEP_MS + 600_000, blocked: [blocked(0, null)] })))).toEqual([]);
});
