import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { backboneMetrics } from "#hub/observe/metrics.ts";
import type { Observer } from "#hub/observe/observer.ts";
import type { EventLog } from "#hub/log/append.ts";
import type { Realtime } from "#hub/realtime/create-realtime.ts";

/** Whoever asks may call a method what they like: a label for each would fill the memory. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export type Metrics = ReturnType<typeof createMetrics>;

/** What /metrics tells; a registry of its own, so that two hubs of one test do not share counts. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "comanda_" });
  const registers = [registry];
  const commands = new Counter({ name: "comanda_commands_total", help: "Commands by type and outcome", labelNames: ["type", "outcome"], registers });
  const seconds = new Histogram({
    name: "comanda_command_seconds",
    help: "From authorised to answered",
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const replies = new Counter({ name: "comanda_http_replies_total", help: "HTTP replies by method and status", labelNames: ["method", "status"], registers });

  return {
    registry,
    command(type: string, outcome: string, tookMs: number): void {
      commands.inc({ type, outcome });
      seconds.observe(tookMs / 1000);
    },
    reply({ method, status }: { method: string; status: number }): void {
      replies.inc({ method: METHODS.has(method) ? method : "other", status: String(status) });
    },
    watch(log: EventLog, realtime: Realtime, observer: Observer, now: () => number): void {
      backboneMetrics(registry, observer, now);
      const gauge = (name: string, help: string, read: () => number) => new Gauge({ name, help, registers, collect() { this.set(read()); } });
      gauge("comanda_sockets", "Open sockets", () => realtime.stats().sockets);
      let slow = 0;
      new Counter({ name: "comanda_slow_sockets_total", help: "Sockets closed because they did not keep up", registers, collect() {
        this.inc(realtime.stats().slow - slow);
        slow = realtime.stats().slow;
      } });
      gauge("comanda_append_queue", "Commands that wait for a batch", () => log.state().append.queued);
      gauge("comanda_publish_behind", "Events committed and not yet in Redis", () => Number(log.state().publish?.behind ?? 0n));
    },
  };
}
