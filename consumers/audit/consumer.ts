import { randomBytes } from "node:crypto";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { TransactionSql } from "#hub/db/client.ts";
import { CHAIN_START, eventDigest, linkHash, LONGEST_LINK, saltsOf } from "#hub/log/audit-digest.ts";
import { ownerIn } from "#hub/log/envelope-text.ts";
import type { ParsedEvent } from "#hub/log/types.ts";

/**
 * Chains every event of the log by owner, as it was written, of whatever type and version. A place's chain that cannot go on stops until a person
 * decides: a link that was left out would look like a theft.
 */
export const auditConsumer: ConsumerDefinition = {
  group: "audit",
  types: [],
  keys: ({ text }) => [ownerIn(text)],
  policy: { takesEverything: true, deadLetterBlocksKey: true, replayable: false, lingerMs: 500, batchSize: LONGEST_LINK },
  handle,
};

type Head = { readonly owner: string; readonly seq: bigint; readonly count: number; readonly hash: Uint8Array };

/** One link for all events of an owner that came together. */
async function handle(events: readonly ParsedEvent[], { sql }: HandlerContext): Promise<void> {
  const byOwner = Map.groupBy(events, ({ text }) => ownerIn(text));
  const needed = new Map(events.map((event) => [event, saltsOf(event.text)]));
  const [heads, salts] = await Promise.all([headsOf(sql, [...byOwner.keys()]), saltsFor(sql, [...new Set([...needed.values()].flatMap((streams) => [...streams]))].sort())]);
  const rows = [...byOwner].map(([owner, own]) => {
    const before = heads.get(owner);
    const digests = Buffer.concat(own.map((event) => eventDigest(event.text, (stream) => salts.get(stream), needed.get(event))));
    const positions = own.map(({ position }) => position.toString());
    return {
      owner_id: owner,
      seq: before === undefined ? "1" : (before.seq + BigInt(before.count)).toString(),
      shard: own[0]?.shard,
      first_position: positions[0],
      last_position: positions.at(-1),
      positions,
      digests: `\\x${digests.toString("hex")}`,
      hash: `\\x${linkHash(before?.hash ?? CHAIN_START, digests).toString("hex")}`,
    };
  });
  await sql`
    insert into audit_chain (owner_id, seq, shard, first_position, last_position, positions, digests, hash)
    select owner_id, seq, shard, first_position, last_position, positions, digests, hash
    from jsonb_populate_recordset(null::audit_chain, ${JSON.stringify(rows)}::text::jsonb)`;
}

async function headsOf(sql: TransactionSql, owners: readonly string[]): Promise<ReadonlyMap<string, Head>> {
  const rows = await sql<Head[]>`
    select o as owner, l.seq, cardinality(l.positions) as count, l.hash from unnest(${owners as string[]}::text[]) o
    cross join lateral (select seq, positions, hash from audit_chain where owner_id = o order by seq desc limit 1) l`;
  return new Map(rows.map((row) => [row.owner, row]));
}

/** The salts that hide guests, by stream, made where there are none yet. */
async function saltsFor(sql: TransactionSql, streams: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  if (streams.length === 0) return new Map();
  const fresh = streams.map((stream) => ({ stream, salt: `\\x${randomBytes(32).toString("hex")}` }));
  await sql`
    insert into audit_salts (stream, salt) select stream, salt from jsonb_populate_recordset(null::audit_salts, ${JSON.stringify(fresh)}::text::jsonb)
    on conflict do nothing`;
  const rows = await sql<{ stream: string; salt: Uint8Array }[]>`select stream, salt from audit_salts where stream = any(${[...streams]})`;
  return new Map(rows.map(({ stream, salt }) => [stream, salt]));
}
