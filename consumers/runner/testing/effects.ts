import { connect, type Sql } from "#hub/db/client.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { ConsumerDefinition, HandlerContext } from "../types.ts";

/** Rows that a test's handlers write: no key keeps a second effect out, so a double one is seen. */
export async function createEffects(adminUrl: string): Promise<void> {
  const admin = connect(adminUrl, { max: 1 });
  await admin`create table effects (nr bigint generated always as identity, grp text, shard int, position bigint, subject text, at timestamptz default clock_timestamp())`;
  await admin`grant all on effects to comanda_consumer`;
  await admin.end();
}

export type Effect = { readonly position: bigint; readonly subject: string };

export function effectsOf(sql: Sql, group: string, shard: number): Promise<Effect[]> {
  return sql<Effect[]>`select position, subject from effects where grp = ${group} and shard = ${shard} order by nr`;
}

export async function writeEffect({ sql }: HandlerContext, group: string, event: ParsedEvent): Promise<void> {
  await sql`insert into effects (grp, shard, position, subject) values (${group}, ${event.shard}, ${event.position}, ${event.envelope.subject})`;
}

/** A consumer that writes an effect for each event, after what the test wants to happen first. */
export function effectConsumer(
  group: string,
  before: (event: ParsedEvent, context: HandlerContext) => Promise<void> | void = () => {},
  policy: Partial<ConsumerDefinition["policy"]> = {},
): ConsumerDefinition {
  return {
    group,
    types: ["sale.order.sent"],
    keys: ({ envelope }) => [envelope.subject, ...((envelope.data as { keys?: string[] }).keys ?? [])],
    policy: { deadLetterBlocksKey: false, replayable: true, batchSize: 50, ...policy },
    async handle(events, context) {
      for (const event of events) {
        await before(event, context);
        await writeEffect(context, group, event);
      }
    },
  };
}

export async function until(what: string, check: () => Promise<boolean> | boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
