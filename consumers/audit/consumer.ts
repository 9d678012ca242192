import { randomBytes } from "node:crypto";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { TransactionSql } from "#hub/db/client.ts";
import { CHAIN_START, chainHash, holdsName } from "#hub/log/audit-digest.ts";
import type { ParsedEvent } from "#hub/log/types.ts";

/**
 * Chains every event of the log by owner, as it was written, of whatever type and version. A place's chain that cannot go on stops until a person
 * decides: a link that was left out would look like a theft.
 */
export const auditConsumer: ConsumerDefinition = {
  group: "audit",
  types: [],
  keys: (event) => [ownerOf(event)],
  policy: { takesEverything: true, deadLetterBlocksKey: true, replayable: false, lingerMs: 250, batchSize: 500 },
  handle,
};

type Link = { readonly owner: string; seq: bigint; hash: Uint8Array };

function ownerOf({ envelope }: ParsedEvent): string {
  return envelope.merchantid ?? envelope.organizerid;
}

async function handle(events: readonly ParsedEvent[], { sql }: HandlerContext): Promise<void> {
  const [last, salts] = [await lastLinks(sql, [...new Set(events.map(ownerOf))]), await saltsOf(sql, events)];
  const rows = events.map((event) => {
    const owner = ownerOf(event);
    const before = last.get(owner) ?? { owner, seq: 0n, hash: CHAIN_START };
    const link = { owner, seq: before.seq + 1n, hash: chainHash(before.hash, event.text, salts.get(event.envelope.subject)) };
    last.set(owner, link);
    return { owner_id: owner, seq: link.seq.toString(), shard: event.shard, position: event.position.toString(), hash: `\\x${link.hash.toString("hex")}` };
  });
  await sql`
    insert into audit_chain (owner_id, seq, shard, position, hash)
    select owner_id, seq, shard, position, hash from jsonb_populate_recordset(null::audit_chain, ${JSON.stringify(rows)}::text::jsonb)`;
}

async function lastLinks(sql: TransactionSql, owners: readonly string[]): Promise<Map<string, Link>> {
  const rows = await sql<Link[]>`
    select o as owner, l.seq, l.hash from unnest(${owners as string[]}::text[]) o
    cross join lateral (select seq, hash from audit_chain where owner_id = o order by seq desc limit 1) l`;
  return new Map(rows.map((row) => [row.owner, row]));
}

async function saltsOf(sql: TransactionSql, events: readonly ParsedEvent[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const streams = [...new Set(events.filter(({ text }) => holdsName(text)).map(({ envelope }) => envelope.subject))].sort();
  if (streams.length === 0) return new Map();
  const fresh = streams.map((stream) => ({ stream, salt: `\\x${randomBytes(32).toString("hex")}` }));
  await sql`
    insert into audit_salts (stream, salt) select stream, salt from jsonb_populate_recordset(null::audit_salts, ${JSON.stringify(fresh)}::text::jsonb)
    on conflict do nothing`;
  const rows = await sql<{ stream: string; salt: Uint8Array }[]>`select stream, salt from audit_salts where stream = any(${streams})`;
  return new Map(rows.map(({ stream, salt }) => [stream, salt]));
}
