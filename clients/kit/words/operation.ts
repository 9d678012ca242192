import type { inferRouterOutputs } from "@trpc/server";
import { AGE_STEPS_MS } from "#shared/age-steps.ts";
import type { AppRouter } from "#hub/api/router.ts";
import { dayAndTime } from "../format.ts";

export type OperationStatus = inferRouterOutputs<AppRouter>["operation"]["status"];
export type OperationAlert = OperationStatus["alerts"][number];

/** `zone`: the place's, as everywhere on its screens. */
export function alertInWords(alert: OperationAlert, zone: string): string {
  switch (alert.rule) {
    case "dead-letters":
      return `${alert.count} events were given up within five minutes.`;
    case "failure-rate":
      return `${alert.group}: ${alert.percent} % of its attempts failed in the last minute.`;
    case "event-age":
      return alert.p95Ms === null ? `${alert.group} is more than half a minute behind what happens.` : `${alert.group} is slow: one event in twenty waits up to ${durationInWords(alert.p95Ms)}.`;
    case "lag-growing":
      return `${alert.group} falls behind: ${alert.lag} events wait, and for a minute it became more.`;
    case "standing-still":
      return `${alert.group} stands still: something waits for ${durationInWords(alert.oldestMs)}, and nothing is done. Look at its process, and start it again.`;
    case "nobody-works": {
      const waits = alert.oldestMs === null ? "" : ` Something waits for ${durationInWords(alert.oldestMs)}.`;
      return alert.groups === "all"
        ? `No process of consumers runs: what is ordered and paid goes no further until it is started again.${waits}`
        : `Nobody works for ${alert.groups.join(", ")}: look at the processes of consumers, and start them again.${waits}`;
    }
    case "printers-down":
      return alert.names.length === 1 ? `The printer ${alert.names[0]} does not answer.` : `${alert.names.length} printers do not answer: ${alert.names.join(", ")}.`;
    case "publishing-stalled":
      return PUBLISHING[alert.cause];
    case "writes-refused":
      return WRITES[alert.cause];
    case "transaction-open": {
      const who = `A transaction of ${alert.user} (process ${alert.pid}) has been open for ${durationInWords(alert.seconds * 1_000)}`;
      return alert.shards.length === 0 ? `${who}.` : `${who} and holds ${alert.shards.length === 1 ? `shard ${alert.shards[0]}` : `shards ${alert.shards.join(", ")}`}: commands there wait, and are refused after three seconds.`;
    }
    case "new-epoch":
      return `${EPOCHS[alert.reason]} ${dayAndTime(new Date(alert.atMs), zone)}. Screens were loaded anew.`;
    case "queue-full":
      return `${queueInWords(alert.queue)}: no room ${alert.times === 1 ? "once" : `${alert.times} times`} in the last minute.`;
    case "thread-blocked": {
      const what = alert.handlers.map(({ group, shard, from, to }) => `${group}, shard ${shard}, ${from === to ? `event ${from}` : `events ${from} to ${to}`}`).join("; ");
      const where = alert.standsIn === null ? "" : ` It stands in ${alert.standsIn}.`;
      return `A handler ${alert.outcome === null ? "keeps" : "kept"} the process ${alert.process} from all other work (${what}).${where} ${BLOCKED[alert.outcome ?? "still"]}`;
    }
  }
}

const BLOCKED = {
  still: "Its shards pass on to other processes; it is ended if it goes on.",
  ended: "The process was ended and the attempt counted; its shards passed on.",
  "went-on": "It has gone on since.",
} as const;

const PUBLISHING: Readonly<Record<Extract<OperationAlert, { rule: "publishing-stalled" }>["cause"], string>> = {
  "redis-refuses": "Redis takes nothing, for want of memory or since it is not the master: events come from Postgres, a little later.",
  "redis-away": "Redis is away: events come from Postgres, a little later.",
  "not-moving": "Events are not handed on to Redis.",
  "redis-ahead": "Redis knows events that Postgres does not: Postgres was restored from older data.",
};

const WRITES: Readonly<Record<Extract<OperationAlert, { rule: "writes-refused" }>["cause"], string>> = {
  away: "Postgres does not take what is written: commands are refused.",
  full: "The disk of Postgres is full: commands are refused until there is room.",
  "read-only": "Postgres only reads, as a standby does: commands are refused.",
};

const EPOCHS: Readonly<Record<Extract<OperationAlert, { rule: "new-epoch" }>["reason"], string>> = {
  restore: "Postgres went back to older data, so what was written last may be lost; noticed",
  promotion: "Another Postgres took over that may have lagged, so what was written last may be lost; noticed",
  operator: "An operator began a new epoch of the log",
};
const QUEUES: Readonly<Record<string, string>> = {
  requests: "Requests under way",
  "device-calls": "Calls of one device (slowed down)",
  "merchant-calls": "Calls of one place (slowed down)",
  append: "Commands that wait to be written",
  publish: "Events that wait for Redis",
  feed: "Events that wait for an earlier one",
  sockets: "Screens",
  "socket-buffer": "Bytes that a screen has not taken",
  "catching-up": "Screens that wait to catch up",
  wakes: "Workers to be woken",
  "log-lines": "Log lines that nobody takes (in bytes)",
};

/** Of consumers the process's name and number, so that each is told from the others and found on its machine. */
export function processInWords(owner: string): string {
  if (owner === "hub") return "this hub";
  const found = /^(.+)-(\d+)-[0-9a-z]+$/.exec(owner);
  return found === null ? owner : `consumers ${found[2]} on ${found[1]}`;
}

/** `kitchen/parked`: a consumer's own. */
export function queueInWords(queue: string): string {
  const [group, of] = queue.split("/");
  if (of === "read-ahead") return `${group}: events read ahead`;
  if (of === "parked") return `${group}: events that wait for a retry`;
  return QUEUES[queue] ?? queue;
}

/** Of the age of 95 in 100 events: null when there were none. */
export function ageInWords(p95Ms: number | null): string {
  if (p95Ms === null) return "–";
  return Number.isFinite(p95Ms) ? durationInWords(p95Ms) : `over ${durationInWords(AGE_STEPS_MS.at(-1) ?? 0)}`;
}

export function durationInWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
