import { createHash } from "node:crypto";
import type { TransactionSql } from "#hub/db/client.ts";
import type { InTransaction } from "#hub/log/append-in-transaction.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import { stateFrom } from "#hub/log/states.ts";
import type { AppendCommand, StoredEvent } from "#hub/log/types.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import { prefixed } from "#shared/ids.ts";
import type { Job } from "./job-store.ts";

/** What the worker asks of the log; the runner's port has the same two. */
export type DocumentLog = {
  appendInTransaction(tx: TransactionSql, commands: readonly AppendCommand[]): Promise<InTransaction>;
  publish(events: readonly StoredEvent[]): void;
};

/** Appends what became of a file, as the last statement of the transaction (LOG-8). What was said once is not said again. */
export async function tell(tx: TransactionSql, log: DocumentLog, job: Job, event: DomainEvent, part: string): Promise<readonly StoredEvent[]> {
  const [loaded] = await loadCurrent(tx, [{ stream: job.document, kind: "document" }]);
  if (loaded === undefined || loaded.version === 0) throw new Error(`${job.document} is not in the log`);
  const commandId = derivedUlid(job.cause, part);
  const now = new Date().toISOString();
  const drafted = draftChanges([{ kind: "document", stream: job.document, events: [event] }], () => stateFrom("document", loaded), {
    organizer: job.organizer,
    merchant: job.merchant,
    now,
    occurredAt: now,
    businessDate: job.businessDate,
    commandId,
    correlationId: job.trace.correlation ?? job.cause,
    actor: "consumer:documents",
    source: "/consumers/documents",
    newEventId: () => prefixed("event", derivedUlid(job.cause, `event ${part}`)),
  });
  const { events } = await log.appendInTransaction(tx, [
    {
      commandId,
      hash: createHash("sha256").update(`${job.cause} ${part}`).digest("hex"),
      organizerId: job.organizer,
      merchantId: job.merchant,
      actor: "consumer:documents",
      source: "/consumers/documents",
      correlationId: job.trace.correlation ?? job.cause,
      causationId: job.cause,
      ...(job.trace.traceparent === null ? {} : { traceparent: job.trace.traceparent }),
      changes: drafted.map(({ change }) => change),
      counts: [],
      answer: "{}",
    },
  ]);
  return events;
}
