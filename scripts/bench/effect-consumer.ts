import type { ConsumerDefinition } from "#consumers/runner/types.ts";

/** A row for each event: what a consumer of ours does at least. A batch is one statement, as theirs are. */
export function effectConsumer(group: string): ConsumerDefinition {
  return {
    group,
    types: ["sale.order.sent"],
    keys: ({ envelope }) => [envelope.subject],
    policy: { deadLetterBlocksKey: false, replayable: true, batchSize: 500 },
    async handle(events, { sql }) {
      const rows = events.map(({ shard, position, envelope }) => ({ grp: group, key: envelope.merchantid ?? "", shard, position: String(position), subject: envelope.subject }));
      await sql`
        insert into bench_effects (grp, key, shard, position, subject)
        select grp, key, shard, position, subject from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as new (grp text, key text, shard int, position bigint, subject text)`;
    },
  };
}
