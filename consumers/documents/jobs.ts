import type { HandlerContext } from "#consumers/runner/types.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { FileContent } from "#shared/events/document.ts";

export const DOCUMENTS_QUEUE = "documents";

/** Who writes the job down: the ledger for what is read from the books, so that the file has all that was posted before it was asked for. */
const SOURCE: Readonly<Record<FileContent["kind"], "ledger" | "sales">> = { "trial-balance": "ledger", journal: "ledger", statement: "ledger", receipt: "sales", "cash-report": "sales" };

/** One row a file, in the runner's transaction; BullMQ only wakes the worker (RUN-3). */
export async function enqueueDocument(event: EventEnvelope, by: "ledger" | "sales", { sql, wake }: HandlerContext): Promise<void> {
  if (event.type !== "document.file.requested" || SOURCE[event.data.content.kind] !== by) return;
  const { content, format, place, by: person } = event.data;
  await sql`
    insert into document_jobs (merchant_id, document_id, organizer_id, content, format, place, asked_by, asked_at, business_date, cause, traceparent, correlation)
    values (${event.merchantid ?? ""}, ${event.subject}, ${event.organizerid}, ${JSON.stringify(content)}::text::jsonb, ${format}, ${JSON.stringify(place)}::text::jsonb,
            ${person.name}, ${event.time}, ${event.businessdate ?? event.time.slice(0, 10)}, ${event.id}, ${event.traceparent ?? null}, ${event.correlationid})
    on conflict do nothing`;
  wake(DOCUMENTS_QUEUE, event.subject, event.traceparent);
}
