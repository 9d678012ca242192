import { p95Of } from "#shared/age-steps.ts";
import type { DatabaseState } from "#hub/log/append-lane.ts";
import type { EpochReason } from "#hub/log/epoch.ts";
import type { BackboneSeen, BlockedSeen } from "./backbone.ts";
import { workBetween } from "./work.ts";

/** One look at everything, by this hub. */
export type Look = BackboneSeen & {
  readonly atMs: number;
  readonly publish: { readonly redis: "up" | "away" | "none"; readonly behind: number; readonly ahead: boolean; /** Redis's word for why it takes nothing. */ readonly refused?: string };
  /** As the last commands met it. */
  readonly database: DatabaseState;
};

export type Alert =
  | { readonly rule: "dead-letters"; readonly count: number }
  | { readonly rule: "failure-rate"; readonly group: string; readonly percent: number }
  /** `p95Ms` null: past the longest age that is counted. */
  | { readonly rule: "event-age"; readonly group: string; readonly p95Ms: number | null }
  | { readonly rule: "lag-growing"; readonly group: string; readonly lag: number }
  | { readonly rule: "standing-still"; readonly group: string; readonly oldestMs: number }
  /** `groups`: those that no process holds a shard of; "all", since no process of consumers runs. `oldestMs`: how long something has waited for them; null when nothing does. */
  | { readonly rule: "nobody-works"; readonly groups: readonly string[] | "all"; readonly oldestMs: number | null }
  | { readonly rule: "printers-down"; readonly count: number }
  | { readonly rule: "publishing-stalled"; readonly behind: number; readonly cause: "redis-away" | "redis-refuses" | "not-moving" | "redis-ahead" }
  | { readonly rule: "writes-refused"; readonly cause: Exclude<DatabaseState, "up"> }
  /** `shards`: whose commands wait for it. */
  | { readonly rule: "transaction-open"; readonly pid: number; readonly user: string; readonly seconds: number; readonly shards: readonly number[] }
  | { readonly rule: "new-epoch"; readonly reason: Exclude<EpochReason, "installation">; readonly atMs: number }
  /** `times` in the last minute, over all processes. */
  | { readonly rule: "queue-full"; readonly queue: string; readonly times: number }
  /** `handlers`: those under way, one of which keeps the thread. `standsIn`: the innermost function; null when it could not be told. */
  | ({ readonly rule: "thread-blocked" } & Omit<BlockedSeen, "sinceMs">);
export const ALERT_RULES = ["dead-letters", "failure-rate", "event-age", "lag-growing", "standing-still", "nobody-works", "printers-down", "publishing-stalled", "writes-refused", "transaction-open", "new-epoch", "queue-full", "thread-blocked"] as const satisfies readonly Alert["rule"][];

const MINUTE_MS = 60_000;
const DEAD_LETTERS = 10;
const FAILURES = 0.01;
const AGE_MS = 100;
/** Redis may be restarted; past this it is away. */
const STALLED_MS = 10_000;
/** A process that died without a word has its shards taken over before. */
const STANDS_MS = 15_000;
/** No transaction of the product is half as long; whoever holds a shard's lock makes its commands wait. */
const OPEN_MS = MINUTE_MS;
const HOLDING_MS = 10_000;
/** A new epoch is told of for a day, so that whoever was not there reads of it. */
const EPOCH_TOLD_MS = 24 * 60 * MINUTE_MS;
/** A process that is ended for it is back in seconds: it is told of for so long that people see it. */
const BLOCKED_TOLD_MS = 10 * MINUTE_MS;
/** How far back the rules look: looks older than this can be forgotten. */
export const REMEMBERED_MS = 5 * MINUTE_MS;

/** Every rule, in one place, over the looks of the last minutes, oldest first. */
export function alertsOf(looks: readonly Look[]): readonly Alert[] {
  const last = looks.at(-1);
  if (last === undefined) return [];
  const minute = since(looks, last.atMs - MINUTE_MS);
  const alerts: Alert[] = [];
  if (last.recentDeadLetters > DEAD_LETTERS) alerts.push({ rule: "dead-letters", count: last.recentDeadLetters });
  for (const { group } of last.groups) alerts.push(...failureRate(minute, group), ...eventAge(minute, group), ...lagGrowing(minute, group));
  alerts.push(...workDone(looks, last));
  if (last.printersDown > 0) alerts.push({ rule: "printers-down", count: last.printersDown });
  return [...alerts, ...publishing(looks, last), ...writesRefused(looks, last), ...openTransactions(looks, last), ...newEpoch(last), ...fullQueues(minute, last), ...blockedThreads(last)];
}

/** The last of each process: it is ended and started again, and comes to the same event. */
function blockedThreads({ blocked, atMs }: Look): readonly Alert[] {
  const recent = new Map(blocked.filter(({ sinceMs }) => atMs - sinceMs < BLOCKED_TOLD_MS).map((one) => [one.process, one]));
  return [...recent.values()].map(({ process, outcome, standsIn, handlers }) => ({ rule: "thread-blocked", process, outcome, standsIn, handlers }));
}

/** The looks from an instant on, and the one before it that they begin at. */
function since(looks: readonly Look[], atMs: number): readonly Look[] {
  const first = looks.findLastIndex((look) => look.atMs <= atMs);
  return looks.slice(Math.max(0, first));
}

function covers(looks: readonly Look[], ms: number): boolean {
  const [first, last] = [looks[0], looks.at(-1)];
  return first !== undefined && last !== undefined && last.atMs - first.atMs >= ms;
}

function failureRate(minute: readonly Look[], group: string): readonly Alert[] {
  const { applied, failed } = workBetween(minute[0]?.work ?? [], minute.at(-1)?.work ?? [], group);
  const rate = failed / Math.max(1, applied + failed);
  return minute.length > 1 && rate > FAILURES ? [{ rule: "failure-rate", group, percent: Math.round(rate * 1_000) / 10 }] : [];
}

/** Too old between every two looks of the minute between which anything was applied, and there are two such at least. */
function eventAge(minute: readonly Look[], group: string): readonly Alert[] {
  if (!covers(minute, MINUTE_MS)) return [];
  const ages: number[] = [];
  for (const [i, look] of minute.entries()) {
    const before = minute[i - 1];
    const p95 = before === undefined ? undefined : p95Of(workBetween(before.work, look.work, group).ages);
    if (p95 !== undefined) ages.push(p95);
  }
  if (ages.length < 2 || ages.some((p95) => p95 <= AGE_MS)) return [];
  const worst = Math.max(...ages);
  return [{ rule: "event-age", group, p95Ms: Number.isFinite(worst) ? worst : null }];
}

/**
 * Never less than before in a whole minute, never nothing but at its beginning, and more at its end: an event on its way at the last look is no lag. Batches
 * make it go up and down: it grows, too, when all of each third of the minute is more than all of the third before.
 */
function lagGrowing(minute: readonly Look[], group: string): readonly Alert[] {
  if (!covers(minute, MINUTE_MS)) return [];
  const lags = minute.map(({ groups }) => groups.find((one) => one.group === group)?.lag ?? 0);
  const [first = 0, last = 0] = [lags[0], lags.at(-1)];
  const fell = lags.some((lag, i) => lag < (lags[i - 1] ?? 0));
  const grew = !fell && last > first && lags.slice(1).every((lag) => lag > 0);
  return grew || climbs(lags) ? [{ rule: "lag-growing", group, lag: last }] : [];
}

function climbs(lags: readonly number[]): boolean {
  const third = Math.floor(lags.length / 3);
  const thirds = [0, 1, 2].map((n) => lags.slice(n * third, n === 2 ? undefined : (n + 1) * third));
  return third > 1 && thirds.every((part, n) => n === 0 || Math.min(...part) > Math.max(...(thirds[n - 1] ?? [])));
}

/** Lag that does not grow, since nobody comes any more, and ages of what is not applied, no other rule sees. */
function standingStill(looks: readonly Look[], last: Look, group: string): readonly Extract<Alert, { rule: "standing-still" }>[] {
  const oldestMs = last.groups.find((one) => one.group === group)?.oldestMs ?? 0;
  const recent = since(looks, last.atMs - STANDS_MS);
  if (oldestMs < STANDS_MS || !covers(recent, STANDS_MS)) return [];
  const { applied, failed } = workBetween(recent[0]?.work ?? [], last.work, group);
  return applied + failed > 0 ? [] : [{ rule: "standing-still", group, oldestMs }];
}

/** That nobody works is told once, and also while nothing waits: in a quiet hour it would be found out with the first guest. */
function workDone(looks: readonly Look[], last: Look): readonly Alert[] {
  const recent = since(looks, last.atMs - STANDS_MS);
  const long = covers(recent, STANDS_MS);
  const still = last.groups.flatMap(({ group }) => standingStill(looks, last, group));
  if (last.processes === 0 && (still.length > 0 || (long && recent.every(({ processes }) => processes === 0)))) return [{ rule: "nobody-works", groups: "all", oldestMs: longest(last.groups) }];
  const left = last.groups.filter(({ group }) => long && recent.every(({ groups }) => groups.find((one) => one.group === group)?.owners === 0));
  const groups = left.map(({ group }) => group);
  return [...(left.length === 0 ? [] : [{ rule: "nobody-works" as const, groups, oldestMs: longest(left) }]), ...still.filter(({ group }) => !groups.includes(group))];
}

function longest(groups: Look["groups"]): number | null {
  return groups.reduce<number | null>((most, { oldestMs }) => (oldestMs === null ? most : Math.max(most ?? 0, oldestMs)), null);
}

function fullQueues(minute: readonly Look[], last: Look): readonly Alert[] {
  const before = new Map(minute[0]?.queues.map(({ owner, queue, full }) => [`${owner} ${queue}`, full]));
  const times = new Map<string, number>();
  for (const { owner, queue, full } of last.queues) {
    // What is not read ahead is read from Postgres in its turn, as after every outage.
    if (queue.endsWith("/read-ahead")) continue;
    // A process that came in between began at nothing.
    const more = full - (before.get(`${owner} ${queue}`) ?? 0);
    if (minute.length > 1 && more > 0) times.set(queue, (times.get(queue) ?? 0) + more);
  }
  return [...times].map(([queue, count]) => ({ rule: "queue-full", queue, times: count }));
}

function publishing(looks: readonly Look[], last: Look): readonly Alert[] {
  const { behind, ahead, redis } = last.publish;
  if (ahead) return [{ rule: "publishing-stalled", behind, cause: "redis-ahead" }];
  const recent = since(looks, last.atMs - STALLED_MS);
  if (!covers(recent, STALLED_MS)) return [];
  if (redis === "away" && recent.every(({ publish }) => publish.redis === "away")) return [{ rule: "publishing-stalled", behind, cause: "redis-away" }];
  if (last.publish.refused !== undefined && recent.every(({ publish }) => publish.refused !== undefined)) return [{ rule: "publishing-stalled", behind, cause: "redis-refuses" }];
  const moves = recent.some(({ publish }, i) => publish.behind === 0 || publish.behind < (recent[i - 1]?.publish.behind ?? 0));
  return moves ? [] : [{ rule: "publishing-stalled", behind, cause: "not-moving" }];
}

/** In two looks, so that a restart is no news. */
function writesRefused(looks: readonly Look[], last: Look): readonly Alert[] {
  return last.database !== "up" && (looks.at(-2)?.database ?? "up") !== "up" ? [{ rule: "writes-refused", cause: last.database }] : [];
}

/** A transaction is open at least as long as between the first of the looks that show it and the last. */
function openTransactions(looks: readonly Look[], last: Look): readonly Alert[] {
  return last.transactions.flatMap(({ id, pid, user, shards }): readonly Alert[] => {
    const missing = looks.findLastIndex(({ transactions }) => !transactions.some((one) => one.id === id && one.pid === pid));
    const openMs = last.atMs - (looks[missing + 1] ?? last).atMs;
    return openMs >= (shards.length > 0 ? HOLDING_MS : OPEN_MS) ? [{ rule: "transaction-open", pid, user, seconds: Math.round(openMs / 1_000), shards }] : [];
  });
}

function newEpoch({ epoch: { reason, sinceMs }, atMs }: Look): readonly Alert[] {
  return reason !== "installation" && atMs - sinceMs < EPOCH_TOLD_MS ? [{ rule: "new-epoch", reason, atMs: sinceMs }] : [];
}
