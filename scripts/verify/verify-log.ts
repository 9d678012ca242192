import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { CHAIN_START, chainHash } from "#hub/log/audit-digest.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { SHARD_COUNT } from "#shared/shards.ts";

export type Finding = { readonly shard: number; readonly position: string; readonly what: string };
export type Verified = {
  readonly events: number;
  readonly owners: number;
  /** Committed, and not yet chained: the consumer has still to come to them. */
  readonly notYet: number;
  readonly findings: readonly Finding[];
  /** The last hash of each owner: kept elsewhere, it also proves that nobody made the whole chain anew. */
  readonly heads: ReadonlyMap<string, string>;
};

type Row = {
  position: bigint;
  chained: bigint | null;
  id: string | null;
  organizer_id: string;
  merchant_id: string | null;
  owner_id: string;
  stream: string;
  stream_version: bigint;
  type: string;
  command_id: string;
  envelope: string;
  chain_owner: string | null;
  seq: bigint | null;
  hash: Uint8Array | null;
  before: Uint8Array | null;
  salt: Uint8Array | null;
};

const PAGE = 2_000;

/** Goes through the whole log and its chains, page by page, with a role that reads every tenant. Each row is held against the link before it, so what is wrong is named and what follows is not. */
export async function verifyLog(sql: Sql | TransactionSql, say: (shard: number) => void = () => {}): Promise<Verified> {
  const findings: Finding[] = [];
  const heads = new Map<string, { seq: bigint; hash: string }>();
  let [events, notYet] = [0, 0];
  for (let shard = 0; shard < SHARD_COUNT; shard++) {
    say(shard);
    const [checkpoint] = await sql<{ position: bigint }[]>`select position from consumer_checkpoints where consumer_group = 'audit' and shard = ${shard}`;
    const chainedTo = checkpoint?.position ?? 0n;
    const find = (position: bigint, what: string) => void findings.push({ shard, position: position.toString(), what });
    let after = 0n;
    for (;;) {
      const rows = await pageOf(sql, shard, after);
      for (const row of rows) {
        for (let missing = after + 1n; missing < row.position && missing < after + 100n; missing++) find(missing, "is missing");
        after = row.position;
        if (row.id !== null) events++;
        if (row.id !== null && row.hash === null && row.position > chainedTo) notYet++;
        else for (const what of wrongWith(row, heads)) find(row.position, what);
        if (row.id !== null) for (const what of columnsOf(row)) find(row.position, what);
      }
      if (rows.length < PAGE) break;
    }
    for (let missing = after + 1n; missing <= chainedTo && missing < after + 100n; missing++) find(missing, "is missing: the chain's consumer has been there");
  }
  return { events, owners: heads.size, notYet, findings, heads: new Map([...heads].map(([owner, { hash }]) => [owner, hash])) };
}

/** Events and links by position; either may be without the other. */
async function pageOf(sql: Sql | TransactionSql, shard: number, after: bigint): Promise<Row[]> {
  return sql<Row[]>`
    with places as (
      (select position from events where shard = ${shard} and position > ${after} order by position limit ${PAGE})
      union
      (select position from audit_chain where shard = ${shard} and position > ${after} order by position limit ${PAGE})
      order by position limit ${PAGE}
    )
    select p.position, c.position as chained, e.id, e.organizer_id, e.merchant_id, e.owner_id, e.stream, e.stream_version, e.type, e.command_id, e.envelope,
      c.owner_id as chain_owner, c.seq, c.hash, b.hash as before, s.salt
    from places p
    left join events e on e.shard = ${shard} and e.position = p.position
    left join audit_chain c on c.shard = ${shard} and c.position = p.position
    left join audit_chain b on b.owner_id = c.owner_id and b.seq = c.seq - 1
    left join audit_salts s on s.stream = e.stream
    order by p.position`;
}

function wrongWith(row: Row, heads: Map<string, { seq: bigint; hash: string }>): readonly string[] {
  const { id, hash, seq, chain_owner: owner } = row;
  if (hash === null || seq === null || owner === null) return ["was put in: the chain does not know it"];
  const last = heads.get(owner)?.seq ?? 0n;
  heads.set(owner, { seq, hash: Buffer.from(hash).toString("hex") });
  if (id === null) return ["is missing: the chain has a link for it"];
  const wrong: string[] = [];
  if (seq !== last + 1n) wrong.push(`the chain of ${owner} has link ${seq} after ${last}`);
  if (owner !== row.owner_id) wrong.push(`is ${row.owner_id}'s, and chained as ${owner}'s`);
  if (seq > 1n && row.before === null) return [...wrong, "the link before it is missing"];
  let expected: Uint8Array | undefined;
  try {
    expected = chainHash(row.before ?? CHAIN_START, row.envelope, row.salt ?? undefined);
  } catch (error) {
    return [...wrong, error instanceof Error ? error.message : String(error)];
  }
  return Buffer.compare(expected, hash) === 0 ? wrong : [...wrong, "was changed: it is not what was chained"];
}

/** The columns that queries go by must say what the hashed text says. */
function columnsOf(row: Row): readonly string[] {
  let said: Envelope;
  try {
    said = JSON.parse(row.envelope) as Envelope;
  } catch {
    return ["its envelope is no JSON"];
  }
  const columns: readonly (readonly [name: string, column: unknown, said: unknown])[] = [
    ["position", row.position.toString(), said.position],
    ["id", row.id, said.id],
    ["type", row.type, said.type],
    ["stream", row.stream, said.subject],
    ["stream_version", Number(row.stream_version), said.streamversion],
    ["organizer_id", row.organizer_id, said.organizerid],
    ["merchant_id", row.merchant_id, said.merchantid ?? null],
    ["owner_id", row.owner_id, said.merchantid ?? said.organizerid],
    ["command_id", row.command_id, said.commandid],
  ];
  return columns.flatMap(([name, column, text]) => (column === text ? [] : [`its column ${name} says ${String(column)}, its envelope ${String(text)}`]));
}
