import type { Sql } from "#hub/db/client.ts";
import type { EventLog } from "#hub/log/append.ts";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import type { Realtime } from "#hub/realtime/create-realtime.ts";
import { p95Of } from "#shared/age-steps.ts";
import { alertsOf, REMEMBERED_MS, type Alert, type Look } from "./alerts.ts";
import { lookAtBackbone, type GroupSeen, type ProcessQueue } from "./backbone.ts";
import { createTotals, type Totals } from "./totals.ts";
import { workBetween } from "./work.ts";

export type GroupStatus = GroupSeen & {
  readonly appliedPerSecond: number;
  readonly failedInAMinute: number;
  readonly cutOffInAMinute: number;
  /** Of what was applied in the last minute; null when nothing was, infinite past the longest age that is counted. */
  readonly p95AgeMs: number | null;
};
export type BackboneStatus = {
  /** When it was looked at; null: not yet, or Postgres has been away since. */
  readonly atMs: number | null;
  readonly appendedPerSecond: number;
  readonly processes: number;
  readonly groups: readonly GroupStatus[];
  readonly publish: Look["publish"];
  readonly sockets: { readonly open: number; readonly slow: number };
  /** Fullest first, those of the consumers' processes included. */
  readonly queues: readonly ProcessQueue[];
  readonly alerts: readonly Alert[];
};

export type Observer = { status(): BackboneStatus; looks(): readonly Look[]; /** Counters of /metrics. */ readonly totals: Totals; look(): Promise<void>; stop(): void };

const LOOK_EVERY_MS = 5_000;
/** Rates are of this long, or of what there is. */
const RATE_MS = 15_000;
const STALE_MS = 20_000;
/** Two looks that Postgres did not answer. */
const UNANSWERED_MS = 2 * LOOK_EVERY_MS;

/** Looks at the backbone every few seconds, and remembers what the rules need; /metrics and the operator's page read that and cost the database nothing. */
export function createObserver(parts: { readonly sql: Sql; readonly log: Pick<EventLog, "state">; readonly realtime: Pick<Realtime, "stats">; queues?(): readonly QueueSeen[]; now(): number; onError(error: unknown): void }): Observer {
  const { sql, log, realtime, now } = parts;
  const totals = createTotals();
  let looks: readonly Look[] = [];
  let looking: Promise<void> | undefined;
  const since = now();

  async function take(): Promise<void> {
    const seen = await lookAtBackbone(sql, now());
    const atMs = now();
    const queues = [...(parts.queues?.() ?? []).map((queue) => ({ ...queue, owner: "hub" })), ...seen.queues];
    const look: Look = { ...seen, queues, atMs, database: log.state().append.database, publish: publishing() };
    totals.add(look);
    looks = [...looks.filter((one) => one.atMs > atMs - REMEMBERED_MS), look];
  }

  function publishing(): Look["publish"] {
    const { publish } = log.state();
    const refused = publish?.refused === undefined ? {} : { refused: publish.refused };
    return { redis: publish?.redis ?? "none", behind: Number(publish?.behind ?? 0n), ahead: (publish?.ahead.length ?? 0) > 0, ...refused };
  }

  /** The rules live of looks, and a Postgres that is away answers none: that is told without one. */
  function alertsNow(): readonly Alert[] {
    const alerts = alertsOf(looks);
    const isSilent = now() - (looks.at(-1)?.atMs ?? since) > UNANSWERED_MS;
    return isSilent && !alerts.some(({ rule }) => rule === "writes-refused") ? [...alerts, { rule: "writes-refused", cause: "away" }] : alerts;
  }

  const look = () => (looking ??= take().catch(parts.onError).finally(() => (looking = undefined)));
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();

  return {
    look,
    totals,
    looks: () => looks,
    stop: () => clearInterval(timer),
    status() {
      const last = looks.at(-1);
      const { sockets, slow } = realtime.stats();
      const fresh = last !== undefined && now() - last.atMs <= STALE_MS;
      if (last === undefined) {
        return { atMs: null, appendedPerSecond: 0, processes: 0, groups: [], publish: publishing(), sockets: { open: sockets, slow }, queues: [], alerts: alertsNow() };
      }
      const recent = looks.filter(({ atMs }) => atMs >= last.atMs - RATE_MS)[0] ?? last;
      const minute = looks.filter(({ atMs }) => atMs >= last.atMs - 60_000)[0] ?? last;
      const seconds = Math.max(1, (last.atMs - recent.atMs) / 1_000);
      return {
        atMs: fresh ? last.atMs : null,
        appendedPerSecond: Number(last.head - recent.head) / seconds,
        processes: last.processes,
        groups: last.groups.map((group): GroupStatus => {
          const lately = workBetween(recent.work, last.work, group.group);
          const inAMinute = workBetween(minute.work, last.work, group.group);
          const p95 = p95Of(inAMinute.ages);
          return {
            ...group,
            appliedPerSecond: recent === last ? 0 : lately.applied / seconds,
            failedInAMinute: minute === last ? 0 : inAMinute.failed,
            cutOffInAMinute: minute === last ? 0 : inAMinute.cutOff,
            p95AgeMs: minute === last || p95 === undefined ? null : p95,
          };
        }),
        // This hub's own, so as it is now.
        publish: publishing(),
        sockets: { open: sockets, slow },
        queues: last.queues.toSorted((a, b) => b.length / b.bound - a.length / a.bound || b.full - a.full),
        alerts: alertsNow(),
      };
    },
  };
}
