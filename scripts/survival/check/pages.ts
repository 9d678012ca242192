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
  // Some hundred pages are loaded in a long run, so none of them goes over the log again.
  const spans = spansOf(all.filter(({ event }) => event.merchantid === device.merchant)).filter(({ kind }) => shown.includes(kind));
  const versions = versionsOf(all);
  return device.pages.flatMap(({ cursor, aggregates }) => {
    const reached = new Map(Object.entries(cursor.positions).map(([shard, position]) => [Number(shard), BigInt(position)]));
    const isSeen = ({ shard, position }: Place) => position <= (reached.get(shard) ?? 0n);
    const versionOf = (stream: string) => versions.get(stream)?.findLast(isSeen)?.version;
    const there = new Set(aggregates.map(({ stream }) => stream));
    const missing = spans.filter(({ from, to, stream }) => !there.has(stream) && isSeen(from) && !(to !== undefined && isSeen(to)));
    const other = aggregates.filter(({ kind, stream, version }) => !isCommutative(kind) && versionOf(stream) !== version);
    return [
      ...missing.map(({ stream, kind }) => `a page of ${device.name} at ${JSON.stringify(cursor.positions)} began without ${kind} ${stream}`),
      ...other.map(({ kind, stream, version }) => `a page of ${device.name} at ${JSON.stringify(cursor.positions)} began with ${kind} ${stream} at version ${version}, not ${versionOf(stream)}`),
    ];
  });
}

type Place = Pick<History["all"][number], "shard" | "position">;

/** Of each stream its versions, the first one first. */
function versionsOf(all: History["all"]): ReadonlyMap<string, readonly (Place & { readonly version: number })[]> {
  const versions = new Map<string, (Place & { readonly version: number })[]>();
  for (const { shard, position, event } of all) {
    const of = versions.get(event.subject) ?? [];
    of.push({ shard, position, version: event.streamversion });
    versions.set(event.subject, of);
  }
  return versions;
}

/** `to`: where it was over. */
type Span = { readonly stream: string; readonly kind: Kind; readonly from: Place; to?: Place };

/** From when to when what was under way; what goes on again has another one. */
function spansOf(events: History["all"]): readonly Span[] {
  const spans: Span[] = [];
  const open = new Map<string, Span>();
  for (const { event, ...place } of events) {
    const { subject } = event;
    const begin = (kind: Kind) => {
      if (open.has(subject)) return;
      const span: Span = { stream: subject, kind, from: place };
      spans.push(span);
      open.set(subject, span);
    };
    for (const kind of Object.keys(BEGINS) as Kind[]) if (event.type === BEGINS[kind]) begin(kind);
    const span = open.get(subject);
    if (span && isOver(event)) {
      span.to = place;
      open.delete(subject);
    }
    if (event.type === "sale.check.rolledBack" && event.data.reopened && event.data.from === subject) begin("check");
    if (event.type === "sale.kitchen-ticket.recalled") begin("ticket");
  }
  return spans;
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
