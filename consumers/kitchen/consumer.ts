import { createHash } from "node:crypto";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import type { AppendCommand, ParsedEvent } from "#hub/log/types.ts";
import { makeTickets } from "#shared/domain/ticket/make-tickets.ts";
import { ticketIdOf } from "#shared/domain/ticket/ticket-id.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { prefixed } from "#shared/ids.ts";
import { DailyNumbers, type DayOfMerchant } from "./numbers.ts";
import { KitchenStates } from "./tickets.ts";

const TYPES = ["sale.order.sent", "sale.order.courseFired", "sale.order.itemVoided", "sale.order.headerChanged", "sale.order.merged", "sale.order.mergeRolledBack", "sale.order.split"] as const;
type KitchenEvent = Extract<EventEnvelope, { type: (typeof TYPES)[number] }>;
type Sourced = { readonly parsed: ParsedEvent; readonly event: KitchenEvent; readonly day: DayOfMerchant };

/**
 * Turns what orders send into tickets for the stations: a process manager, so its tickets are events of the log and
 * it is never replayed. A poison order does not stop the kitchen.
 */
export const kitchenConsumer: ConsumerDefinition = {
  group: "kitchen",
  types: TYPES,
  keys: ({ envelope }) => ordersOf(envelope as KitchenEvent),
  policy: { deadLetterBlocksKey: false, replayable: false, batchSize: 50 },
  handle,
};

/** Two orders when items move between them: what is sent before and after must stay in order for both. */
function ordersOf(event: KitchenEvent): readonly string[] {
  return "from" in event.data ? [event.data.from, event.data.into] : [event.subject];
}

async function handle(events: readonly ParsedEvent[], context: HandlerContext): Promise<void> {
  const sources = events.map(sourceOf);
  const merchants = [...new Set(sources.map(({ day }) => day.merchant))];
  const orders = [...new Set(sources.flatMap(({ event }) => ordersOf(event)))];
  // Sent together, answered one after the other: a cook waits for one way to Postgres and back, not for each.
  const [numbers, kitchen] = await Promise.all([DailyNumbers.load(context.sql, sources.map(({ day }) => day)), KitchenStates.load(context.sql, merchants, orders)]);
  const commands = sources.flatMap((source) => commandOf(source, kitchen, numbers, context));
  await Promise.all([numbers.save(context.sql), kitchen.save(context.sql)]);
  context.append(commands);
}

function sourceOf(parsed: ParsedEvent): Sourced {
  const event = parsed.envelope as KitchenEvent;
  if (event.merchantid === undefined || event.businessdate === undefined) throw new Error(`${event.type} ${event.id} has no merchant or business date`);
  return { parsed, event, day: { merchant: event.merchantid, businessDate: event.businessdate } };
}

/** What one event changes in the kitchen, as one command whose ids are the same at every delivery. */
function commandOf({ parsed, event, day }: Sourced, kitchen: KitchenStates, numbers: DailyNumbers, context: HandlerContext): AppendCommand[] {
  const orders = ordersOf(event);
  const changes = makeTickets(event, event.subject, kitchen.merchant(day.merchant), kitchen.ticketsOf(orders), {
    newTicketId: (part) => ticketIdOf(event.id, part),
    nextNumber: (station) => numbers.next(day, station),
  });
  if (orders.length > 1) kitchen.link(day.merchant, orders);
  if (changes.length === 0) return [];
  const commandId = context.commandIdFor(parsed, "tickets");
  let made = 0;
  const drafted = draftChanges(
    changes.map(({ stream, events }) => ({ kind: "ticket" as const, stream, events })),
    ({ stream }) => kitchen.known(stream),
    {
      organizer: event.organizerid,
      merchant: day.merchant,
      now: event.occurredat,
      // Timers count from the tap, however long the way was.
      occurredAt: event.occurredat,
      businessDate: day.businessDate,
      commandId,
      correlationId: event.correlationid,
      actor: "consumer:kitchen",
      source: "/consumers/kitchen",
      newEventId: () => prefixed("event", derivedUlid(event.id, `event ${made++}`)),
    },
  );
  kitchen.apply(day.merchant, event.subject, drafted);
  return [
    {
      commandId,
      hash: createHash("sha256").update(event.id).digest("hex"),
      organizerId: event.organizerid,
      merchantId: day.merchant,
      actor: "consumer:kitchen",
      source: "/consumers/kitchen",
      correlationId: event.correlationid,
      causationId: event.id,
      ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
      changes: drafted.map(({ change }) => change),
      counts: [],
      answer: "{}",
    },
  ];
}
