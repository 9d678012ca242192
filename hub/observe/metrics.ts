import { Counter, Gauge, type Registry } from "prom-client";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { ALERT_RULES } from "./alerts.ts";
import type { Observer } from "./observer.ts";
import { kindOf } from "./totals.ts";

/** Labels are groups, shards and rules: bounded by the product, whatever many places there are. */
export function backboneMetrics(registry: Registry, observer: Observer, now: () => number): void {
  const registers = [registry];
  const byGroup = (name: string, help: string, read: (group: ReturnType<Observer["status"]>["groups"][number]) => number | null) =>
    new Gauge({ name, help, labelNames: ["group"], registers, collect() {
      this.reset();
      for (const group of observer.status().groups) {
        const value = read(group);
        if (value !== null) this.set({ group: group.group }, value);
      }
    } });

  new Gauge({ name: "comanda_consumer_lag", help: "Positions not yet applied", labelNames: ["group", "shard"], registers, collect() {
    this.reset();
    for (const { group, shards } of observer.status().groups) for (const { shard, lag } of shards) this.set({ group, shard: String(shard) }, lag);
  } });
  byGroup("comanda_consumer_oldest_seconds", "How long the oldest event that is not applied has been in the log", ({ oldestMs }) => (oldestMs ?? 0) / 1_000);
  byGroup("comanda_consumer_age_p95_seconds", "95 of 100 events of the last minute were applied within; absent without any", ({ p95AgeMs }) => p95AgeMs === null ? null : p95AgeMs / 1_000);
  byGroup("comanda_consumer_per_second", "Events applied per second, lately", ({ appliedPerSecond }) => appliedPerSecond);
  byGroup("comanda_consumer_parked_events", "Events that wait for a retry, or behind one", ({ parkedEvents }) => parkedEvents);
  byGroup("comanda_consumer_parked_keys", "Keys that wait", ({ parkedKeys }) => parkedKeys);
  byGroup("comanda_consumer_parked_seconds", "How long the event that was parked first has waited", ({ parkedMs }) => (parkedMs ?? 0) / 1_000);
  byGroup("comanda_consumer_owners", "Processes that hold shards of it", ({ owners }) => owners);
  byGroup("comanda_dead_letters", "Open dead letters", ({ deadLetters }) => deadLetters);

  const work = [
    { name: "comanda_consumer_applied_total", help: "Events applied", of: "applied" },
    { name: "comanda_consumer_failed_total", help: "Attempts that failed and count", of: "failed" },
    { name: "comanda_consumer_cut_off_total", help: "Of those, handlers that did not return in time", of: "cutOff" },
  ] as const;
  for (const { name, help, of } of work) {
    new Counter({ name, help, labelNames: ["group"], registers, collect() {
      this.reset();
      for (const [group, done] of observer.totals.work) this.inc({ group }, done[of]);
    } });
  }
  /** Of processes of one kind the fullest speaks. */
  const queues = () => {
    const of = new Map<string, QueueSeen & { readonly process: string }>();
    for (const { owner, queue, length, bound, full } of observer.status().queues) {
      const process = kindOf(owner);
      const other = of.get(`${process} ${queue}`);
      of.set(`${process} ${queue}`, { process, queue, length: Math.max(length, other?.length ?? 0), bound, full });
    }
    return of.values();
  };
  const labelNames = ["process", "queue"];
  for (const { name, help, of } of [
    { name: "comanda_queue_length", help: "What waits (of several shards or callers: the fullest)", of: "length" },
    { name: "comanda_queue_bound", help: "How much may wait", of: "bound" },
  ] as const) {
    new Gauge({ name, help, labelNames, registers, collect() {
      this.reset();
      for (const { process, queue, [of]: value } of queues()) this.set({ process, queue }, value);
    } });
  }
  new Counter({ name: "comanda_queue_full_total", help: "How often there was no room", labelNames, registers, collect() {
    this.reset();
    for (const { process, queue, times } of observer.totals.full.values()) this.inc({ process, queue }, times);
  } });
  new Counter({ name: "comanda_events_total", help: "Events written to the log, by all hubs", registers, collect() {
    this.reset();
    this.inc(observer.totals.events);
  } });
  new Gauge({ name: "comanda_publish_state", help: "1: this is how Redis takes what is written", labelNames: ["state"], registers, collect() {
    const { redis, refused, ahead } = observer.status().publish;
    const now = redis !== "up" ? redis : ahead ? "ahead" : refused === undefined ? "up" : "refuses";
    for (const state of ["up", "away", "refuses", "ahead", "none"]) this.set({ state }, state === now ? 1 : 0);
  } });
  new Gauge({ name: "comanda_look_age_seconds", help: "How old the figures of consumers, queues and printers are; they are looked at every five seconds", registers, collect() {
    const atMs = observer.looks().at(-1)?.atMs;
    if (atMs !== undefined) this.set((now() - atMs) / 1_000);
  } });
  new Gauge({ name: "comanda_printers_down", help: "Printers that do not answer, over all places", registers, collect() {
    this.set(observer.looks().at(-1)?.printersDown ?? 0);
  } });
  new Gauge({ name: "comanda_consumer_processes", help: "Processes of consumers that are alive", registers, collect() {
    this.set(observer.status().processes);
  } });
  new Gauge({ name: "comanda_alert", help: "1: the rule speaks (for a group: for any)", labelNames: ["rule"], registers, collect() {
    const speaking = new Set(observer.status().alerts.map(({ rule }) => rule));
    for (const rule of ALERT_RULES) this.set({ rule }, speaking.has(rule) ? 1 : 0);
  } });
}
