import { isCommutative } from "#hub/log/states.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import { maySee, topicOf } from "#shared/protocol/topics.ts";
import type { Device } from "../device.ts";
import type { Finding, History } from "./history.ts";

type Loader = Pick<Device, "name" | "merchant" | "pages" | "capabilities">;

/** Of each kind, the event with which a screen has something to show. */
const BEGINS = { order: "sale.order.created", check: "sale.check.created", ticket: "sale.kitchen-ticket.created", payment: "payment.transaction.created" } as const satisfies Readonly<Record<string, EventType>>;
type Kind = keyof typeof BEGINS;

/** RT-2: a page that was loaded in the middle of the work began with all that was under way at its place in the log, as it was there. */
export function checkPages(device: Loader, { all }: Pick<History, "all">): Finding[] {
  const capabilities = new Set(device.capabilities());
  const shown = (Object.keys(BEGINS) as Kind[]).filter((kind) => {
    const topic = topicOf(BEGINS[kind]);
    return topic !== undefined && maySee(topic, capabilities);
  });
  return device.pages.flatMap(({ cursor, aggregates }) => {
    const before = all.filter(({ shard, position }) => position <= BigInt(cursor.positions[String(shard)] ?? "0")).map(({ event }) => event);
    const versions = new Map(before.map((event) => [event.subject, event.streamversion]));
    const there = new Map(aggregates.map((one) => [one.stream, one]));
    const missing = [...underWay(before.filter(({ merchantid }) => merchantid === device.merchant))].filter(([stream, kind]) => shown.includes(kind) && !there.has(stream));
    const other = aggregates.filter(({ kind, stream, version }) => !isCommutative(kind) && versions.get(stream) !== version);
    return [
      ...missing.map(([stream, kind]) => `a page of ${device.name} at ${JSON.stringify(cursor.positions)} began without ${kind} ${stream}`),
      ...other.map(({ kind, stream, version }) => `a page of ${device.name} at ${JSON.stringify(cursor.positions)} began with ${kind} ${stream} at version ${version}, not ${versions.get(stream)}`),
    ];
  });
}

/** What is not over yet. */
function underWay(events: readonly EventEnvelope[]): ReadonlyMap<string, Kind> {
  const open = new Map<string, Kind>();
  for (const event of events) {
    const { subject } = event;
    for (const kind of Object.keys(BEGINS) as Kind[]) if (event.type === BEGINS[kind]) open.set(subject, kind);
    if (isOver(event)) open.delete(subject);
    if (event.type === "sale.check.rolledBack" && event.data.reopened && event.data.from === subject) open.set(subject, "check");
    if (event.type === "sale.kitchen-ticket.recalled") open.set(subject, "ticket");
  }
  return open;
}

function isOver(event: EventEnvelope): boolean {
  switch (event.type) {
    case "sale.order.completed":
    case "sale.check.closed":
    case "sale.check.voided":
    case "sale.kitchen-ticket.completed":
    case "payment.attempt.success":
    case "payment.attempt.failed":
    case "payment.attempt.expired":
    case "payment.attempt.cancelled":
      return true;
    case "sale.check.merged":
      return event.data.from === event.subject;
    case "sale.check.rolledBack":
      return event.data.emptied;
    default:
      return false;
  }
}
