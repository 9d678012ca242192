import type { TransactionSql } from "#hub/db/client.ts";
import { CHAIN_START, DIGEST_BYTES, eventDigest, linkHash, LONGEST_LINK, saltsOf } from "#hub/log/audit-digest.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import type { InSnapshot } from "./in-snapshot.ts";

export type Finding = { readonly shard: number; readonly position: string; readonly what: string };
export type Verified = {
  readonly events: number;
  readonly owners: number;
  /** Committed, and not yet chained: the consumer has still to come to them, or has parked them. */
  readonly notYet: number;
  readonly findings: readonly Finding[];
  /** The last hash of each owner: kept elsewhere, it also proves that nobody made the whole chain anew. */
  readonly heads: ReadonlyMap<string, string>;
};

type EventRow = {
  position: bigint;
  id: string;
  organizer_id: string;
  merchant_id: string | null;
  owner_id: string;
  stream: string;
  stream_version: bigint;
  type: string;
  command_id: string;
  recorded_at: Date;
  envelope: string;
};
type Salts = ReadonlyMap<string, Uint8Array>;

/** What the chain holds of one event. */
type Chained = { readonly owner: string; readonly digest: Uint8Array };

const PAGE = 2_000;

const LINKS = 200;
/** So many of a long run of missing places are named one by one. */
const NAMED = 100n;

/** Goes through the whole log and its chains, page by page, each of one moment since the house works meanwhile, with a role that reads every tenant. Each event is held against its own digest, so what is wrong is named and what follows is not. */
export async function verifyLog(inSnapshot: InSnapshot, say: (shard: number) => void = () => {}): Promise<Verified> {
  const findings: Finding[] = [];
  const [events, notYet] = [{ count: 0 }, { count: 0 }];
  for (let shard = 0; shard < SHARD_COUNT; shard++) {
    say(shard);
    const find = (position: bigint, what: string) => void findings.push({ shard, position: position.toString(), what });
    await verifyShard(inSnapshot, shard, { find, events, notYet });
  }
  const heads = await verifyLinks(inSnapshot, (shard, position, what) => void findings.push({ shard, position: position.toString(), what }));
  return { events: events.count, owners: heads.size, notYet: notYet.count, findings, heads };
}

type Tally = { find(position: bigint, what: string): void; readonly events: { count: number }; readonly notYet: { count: number } };

async function verifyShard(inSnapshot: InSnapshot, shard: number, { find, events, notYet }: Tally): Promise<void> {
  let [after, chainedTo] = [0n, 0n];
  for (let more = true; more; ) {
    const from = after;
    const page = await inSnapshot((tx) => pageOf(tx, shard, from));
    ({ more, chainedTo } = page);
    const { chained, parked } = page;
    const there = new Map(page.events.map((event) => [event.position, event]));
    const positions = [...new Set([...there.keys(), ...chained.keys()])].sort((a, b) => (a < b ? -1 : 1));
    for (const position of positions) {
      for (let missing = after + 1n; missing < position && missing < after + NAMED; missing++) find(missing, "is missing");
      after = position;
      const event = there.get(position);
      const link = chained.get(position);
      if (event === undefined) {
        find(position, "is missing: the chain has a link for it");
        continue;
      }
      events.count++;
      if (link === undefined && (position > chainedTo || parked.has(position))) notYet.count++;
      else for (const what of wrongWith(event, link, page)) find(position, what);
      for (const what of columnsOf(event)) find(position, what);
    }
  }
  for (let missing = after + 1n; missing <= chainedTo && missing < after + NAMED; missing++) find(missing, "is missing: the chain's consumer has been there");
}

/** A stretch of a shard's events and all that is held against them. Read in one snapshot: what is appended, chained or erased meanwhile is in none of it or in all. */
type Page = {
  readonly events: readonly EventRow[];
  readonly more: boolean;
  readonly chainedTo: bigint;
  readonly chained: ReadonlyMap<bigint, Chained>;
  readonly salts: Salts;
  /** The consumer has been there and has still to chain them. */
  readonly parked: ReadonlySet<bigint>;
  /** A person had the chain go on without them. */
  readonly letGo: ReadonlySet<bigint>;
};

async function pageOf(tx: TransactionSql, shard: number, after: bigint): Promise<Page> {
  const events = await eventsOf(tx, shard, after);
  const more = events.length === PAGE;
  const to = more ? events.at(-1)?.position : undefined;
  const [checkpoint] = await tx<{ position: bigint }[]>`select position from consumer_checkpoints where consumer_group = 'audit' and shard = ${shard}`;
  const unchained = await tx<{ position: bigint; parked: boolean }[]>`
    select position, true as parked from parked_events where consumer_group = 'audit' and shard = ${shard} and position > ${after}
    union all
    select position, false from dead_letters where consumer_group = 'audit' and shard = ${shard} and position > ${after} and state = 'discarded'`;
  const those = (isParked: boolean) => new Set(unchained.flatMap(({ position, parked }) => (parked === isParked ? [position] : [])));
  return { events, more, chainedTo: checkpoint?.position ?? 0n, chained: await chainedBetween(tx, shard, after, to), salts: await saltsFor(tx, events), parked: those(true), letGo: those(false) };
}

function eventsOf(sql: TransactionSql, shard: number, after: bigint): Promise<EventRow[]> {
  return sql<EventRow[]>`
    select e.position, e.id, e.organizer_id, e.merchant_id, e.owner_id, e.stream, e.stream_version, e.type, e.command_id, e.recorded_at, e.envelope
    from events e where e.shard = ${shard} and e.position > ${after} order by e.position limit ${PAGE}`;
}

/** What hides the names of guests in these events. */
async function saltsFor(sql: TransactionSql, events: readonly EventRow[]): Promise<Salts> {
  const streams = [...new Set(events.flatMap(({ envelope }) => saltsNamedIn(envelope)))];
  const rows = streams.length === 0 ? [] : await sql<{ stream: string; salt: Uint8Array }[]>`select stream, salt from audit_salts where stream = any(${streams})`;
  return new Map(rows.map(({ stream, salt }) => [stream, salt]));
}

/** A text that was made unreadable is a finding when its turn comes, and no end of the search. */
function saltsNamedIn(envelope: string): readonly string[] {
  try {
    return [...saltsOf(envelope)];
  } catch {
    return [];
  }
}

/** By position; up to the end when there is no `to`. */
async function chainedBetween(sql: TransactionSql, shard: number, after: bigint, to: bigint | undefined): Promise<ReadonlyMap<bigint, Chained>> {
  const links = await sql<{ owner: string; positions: bigint[]; digests: Uint8Array }[]>`
    select owner_id as owner, positions, digests from audit_chain
    where shard = ${shard} and last_position > ${after} ${to === undefined ? sql`` : sql`and first_position <= ${to} and last_position < ${to + BigInt(LONGEST_LINK)}`}`;
  const chained = new Map<bigint, Chained>();
  for (const { owner, positions, digests } of links) {
    for (const [i, position] of positions.entries()) {
      if (position > after && (to === undefined || position <= to)) chained.set(position, { owner, digest: digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES) });
    }
  }
  return chained;
}

function wrongWith(event: EventRow, link: Chained | undefined, { salts, letGo }: Page): readonly string[] {
  if (link === undefined) return [letGo.has(event.position) ? "was let go: a person had the chain go on without it" : "was put in: the chain does not know it"];
  const wrong = link.owner === event.owner_id ? [] : [`is ${event.owner_id}'s, and chained as ${link.owner}'s`];
  try {
    const digest = eventDigest(event.envelope, (stream) => salts.get(stream));
    return Buffer.compare(digest, link.digest) === 0 ? wrong : [...wrong, "was changed: it is not what was chained"];
  } catch (error) {
    return [...wrong, error instanceof Error ? error.message : String(error)];
  }
}

/** Each link against the one before it; answers the last hash of every owner. */
async function verifyLinks(inSnapshot: InSnapshot, find: (shard: number, position: bigint, what: string) => void): Promise<ReadonlyMap<string, string>> {
  const heads = new Map<string, string>();
  let before: { owner: string; next: bigint; hash: Uint8Array } | undefined;
  let [owner, seq] = ["", 0n];
  for (;;) {
    const [lastOwner, lastSeq] = [owner, seq];
    const links = await inSnapshot((tx) => linksAfter(tx, lastOwner, lastSeq));
    for (const link of links) {
      const last = before?.owner === link.owner ? before : undefined;
      const next = last?.next ?? 1n;
      if (link.seq !== next) find(link.shard, link.first, `the chain of ${link.owner} goes on with event ${link.seq} after ${next - 1n}`);
      else if (Buffer.compare(linkHash(last?.hash ?? CHAIN_START, link.digests), link.hash) !== 0) find(link.shard, link.first, "the link that begins with it was changed: it is not what follows from the link before it");
      before = { owner: link.owner, next: link.seq + BigInt(link.count), hash: link.hash };
      heads.set(link.owner, Buffer.from(link.hash).toString("hex"));
      [owner, seq] = [link.owner, link.seq];
    }
    if (links.length < LINKS) return heads;
  }
}

function linksAfter(tx: TransactionSql, owner: string, seq: bigint) {
  return tx<{ owner: string; seq: bigint; shard: number; first: bigint; count: number; digests: Uint8Array; hash: Uint8Array }[]>`
    select owner_id as owner, seq, shard, first_position as first, cardinality(positions) as count, digests, hash from audit_chain
    where (owner_id, seq) > (${owner}, ${seq}) order by owner_id, seq limit ${LINKS}`;
}

/** The columns that queries go by must say what the hashed text says. */
function columnsOf(row: EventRow): readonly string[] {
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
    ["recorded_at", row.recorded_at.toISOString(), said.time],
  ];
  return columns.flatMap(([name, column, text]) => (column === text ? [] : [`its column ${name} says ${String(column)}, its envelope ${String(text)}`]));
}
