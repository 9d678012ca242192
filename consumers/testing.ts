import { connect, type TransactionSql } from "#hub/db/client.ts";
import { appendInTransaction } from "#hub/log/append-in-transaction.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import type { AppendCommand, ParsedEvent } from "#hub/log/types.ts";
import { ulid } from "ulidx";
import type { Envelope } from "#shared/events/envelope.ts";
import type { ConsumerDefinition, HandlerContext } from "./runner/types.ts";

export const MERCHANT = "mer_01JD0000000000000000000001";
export const OTHER_MERCHANT = "mer_01JD0000000000000000000002";
export const ORGANIZER = "org_01JD0000000000000000000001";

let made = 0;

/** An id of a kind for tests: the same in every run, different at every call. */
export function testId(prefix: string): string {
  made += 1;
  return `${prefix}_01JD${made.toString().padStart(22, "0")}`;
}

/** A recorded event as a consumer gets it. */
export function recorded(type: string, subject: string, data: unknown, merchant = MERCHANT): ParsedEvent {
  const id = `evt_${ulid()}`;
  const envelope: Envelope = {
    specversion: "1.0",
    type,
    source: "/hub",
    id,
    time: "2026-11-20T19:00:00.000Z",
    datacontenttype: "application/json",
    subject,
    data,
    organizerid: ORGANIZER,
    merchantid: merchant,
    position: String(made),
    streamversion: 1,
    occurredat: "2026-11-20T19:00:00.000Z",
    businessdate: "2026-11-20",
    commandid: ulid(),
    correlationid: id,
    actor: "system",
    dataversion: 1,
  };
  return { shard: 0, position: BigInt(made), commandId: envelope.commandid, text: JSON.stringify(envelope), envelope };
}

/** Runs a handler in one transaction of the consumers' role, as the runner does, without checkpoints; answers what it appended. */
export async function handleOnce(consumer: ConsumerDefinition, consumerUrl: string, events: readonly ParsedEvent[]): Promise<Envelope[]> {
  const sql = connect(consumerUrl, { max: 1 });
  try {
    return await sql.begin(async (tx: TransactionSql) => {
      const commands: AppendCommand[] = [];
      const context: HandlerContext = {
        sql: tx,
        signal: new AbortController().signal,
        append: (more) => commands.push(...more),
        wake: () => {},
        commandIdFor: (event, part) => derivedUlid(event.envelope.id, part),
      };
      await consumer.handle(events, context);
      const appended = await appendInTransaction(tx, commands);
      return appended.events.map(({ text }) => JSON.parse(text) as Envelope);
    });
  } finally {
    await sql.end();
  }
}
