import { decideDeadLetter } from "#consumers/runner/dead-letters.ts";
import { noteRequest } from "#consumers/runner/maintenance/book.ts";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";

const TYPES = ["system.dead-letter.retryRequested", "system.dead-letter.discarded", "system.maintenance.requested", "sale.order.guestErased", "payment.house-account.guestErased"] as const satisfies readonly EventType[];

/** What operators decide is in the log first; here it becomes rows that the runner and its maintenance look for. */
export const operationsConsumer: ConsumerDefinition = {
  group: "operations",
  types: TYPES,
  keys: ({ envelope }) => [envelope.subject],
  policy: { deadLetterBlocksKey: false, replayable: false, batchSize: 20 },
  async handle(events, context) {
    for (const parsed of events) await apply(parsed, context);
  },
};

async function apply(parsed: ParsedEvent, { sql }: HandlerContext): Promise<void> {
  const event = parsed.envelope as EventEnvelope;
  switch (event.type) {
    case "system.dead-letter.retryRequested":
      // One that is not open any more was decided by an earlier event: nothing is left to do.
      await decideDeadLetter(sql, { deadLetterId: event.subject, decision: "retry", by: event.actor, note: event.data.reason });
      return;
    case "system.dead-letter.discarded":
      await decideDeadLetter(sql, { deadLetterId: event.subject, decision: "discard", by: event.actor, note: event.data.reason });
      return;
    case "system.maintenance.requested":
      await noteRequest(sql, event);
      return;
    case "sale.order.guestErased":
      return askErasure(sql, parsed, event, event.data.checks);
    case "payment.house-account.guestErased":
      return askErasure(sql, parsed, event, []);
    default:
      return;
  }
}

/** The erasure's worker carries it out: it may have to wait for the audit's chain. */
async function askErasure(sql: HandlerContext["sql"], { shard, position }: ParsedEvent, event: Extract<EventEnvelope, { type: "sale.order.guestErased" | "payment.house-account.guestErased" }>, checks: readonly string[]): Promise<void> {
  const { reason, by } = event.data;
  await sql`
    insert into erasures (id, organizer_id, merchant_id, subject, checks, business_date, shard, read_to, reason, asked_by, asked_at)
    values (${event.id}, ${event.organizerid}, ${event.merchantid ?? ""}, ${event.subject}, ${[...checks]}::text[], ${event.businessdate ?? null}, ${shard}, ${position}, ${reason}, ${by.name}, ${event.time}) on conflict do nothing`;
}
