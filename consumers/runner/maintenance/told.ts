import { createHash } from "node:crypto";
import type { TransactionSql } from "#hub/db/client.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import { stateFrom } from "#hub/log/states.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import { prefixed } from "#shared/ids.ts";
import { append } from "../handler-run.ts";
import type { RunnerLog } from "../ports.ts";
import type { Run } from "./book.ts";

/** What became of a run, as the last statement of the transaction that ends it (LOG-8). */
export async function tell(tx: TransactionSql, log: RunnerLog, run: Run, event: DomainEvent, at: Date): Promise<readonly StoredEvent[]> {
  const [loaded] = await loadCurrent(tx, [{ stream: run.id, kind: "maintenance" }]);
  if (loaded === undefined || loaded.version === 0) throw new Error(`${run.id} is not in the log`);
  const commandId = derivedUlid(run.cause, "maintenance ended");
  const now = at.toISOString();
  const drafted = draftChanges([{ kind: "maintenance", stream: run.id, events: [event] }], () => stateFrom("maintenance", loaded), {
    organizer: run.organizer,
    merchant: run.merchant,
    now,
    occurredAt: now,
    businessDate: undefined,
    commandId,
    correlationId: run.cause,
    actor: "consumer:operations",
    source: "/consumers/operations",
    newEventId: () => prefixed("event", derivedUlid(run.cause, "event of the end")),
  });
  return append(log, tx, [
    {
      commandId,
      hash: createHash("sha256").update(run.cause).digest("hex"),
      organizerId: run.organizer,
      ...(run.merchant === null ? {} : { merchantId: run.merchant }),
      actor: "consumer:operations",
      source: "/consumers/operations",
      correlationId: run.cause,
      causationId: run.cause,
      changes: drafted.map(({ change }) => change),
      counts: [],
      answer: "{}",
    },
  ]);
}
