import { connect, type Sql } from "#hub/db/client.ts";
import { say } from "../start/report.ts";
import { withoutIndexes } from "./indexes-after.ts";

/** What grows with every order, and the column whose id says whether a row is an order's own. */
const OWN_COLUMN = {
  events: "stream",
  commands: "command_id",
  aggregates: "stream",
  aggregate_parts: "stream",
  kitchen_tickets: "ticket_id",
  stock_movements: "event_id",
  ledger_journals: "event_id",
  ledger_entries: "journal_id",
} as const;
type Growing = keyof typeof OWN_COLUMN;
const GROWING = Object.keys(OWN_COLUMN) as readonly Growing[];

const WHILE_FILLING = { fsync: "off", full_page_writes: "off", max_wal_size: "16GB" } as const;
const DAYS = 80;
/** Rounds of one transaction; progress is told in between. */
const AT_ONCE = 50;
const WRITERS = 2;
const SAY_EVERY_MS = 20_000;
const ID = /[0-9A-HJKMNP-TV-Z]{26}/g;
const TIME_OF_ID = 10;
/** Stand in the patterns for what differs from round to round: the time in ids, the instant, the evening, the position. */
const TOKENS = { id: "~~~~~~~~~~", time: "~time~", date: "~date~", position: "~position~" } as const;

/**
 * Makes a log's history long by writing the orders that it holds again and again, with ids, times and positions of their
 * own, as if they had been served over the last 80 days: events and what the commands left (answers, states, parts), and
 * what consumers keep of each order (tickets, movements of stock, books, links of the audit's chain). `since`: ids made
 * from then on are the orders' own; hub and consumers are not running. Afterwards every consumer has done all of it.
 */
export async function growLog(adminUrl: string, since: string, events: number): Promise<void> {
  const sql = openWriter(adminUrl);
  try {
    // A power cut would cost the bench, and nothing else.
    await configure(sql, (name) => `alter system set ${name} = '${WHILE_FILLING[name]}'`);
    await sql.unsafe("drop schema if exists grown cascade; create schema grown");
    for (const table of GROWING) await makePattern(sql, table, since);
    const [{ perRound } = { perRound: 0 }] = await sql<{ perRound: number }[]>`select count(*)::int as "perRound" from grown.events`;
    if (perRound === 0) throw new Error("the log holds no orders to be written again");
    const rounds = Math.max(0, Math.ceil((events - (await heads(sql))) / perRound));
    if (rounds > 0) {
      await makeRounds(sql, rounds);
      await withoutIndexes(sql, [...GROWING, "audit_chain"], () => writeRounds(sql, adminUrl, rounds, perRound));
    }
    await sql`update consumer_checkpoints c set position = greatest(c.position, (select max(position) from events e where e.shard = c.shard)) where exists (select from events e where e.shard = c.shard)`;
    await sql.unsafe("drop schema grown cascade");
    // As months of autovacuum would have left it.
    await sql.unsafe("vacuum analyze");
    await configure(sql, (name) => `alter system reset ${name}`);
    await sql.unsafe("checkpoint");
  } finally {
    await sql.end();
  }
}

/** Without triggers: what is copied was checked when it was made. */
function openWriter(adminUrl: string): Sql {
  const url = new URL(adminUrl);
  url.searchParams.set("session_replication_role", "replica");
  url.searchParams.set("synchronous_commit", "off");
  return connect(String(url), { max: 1, statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 });
}

async function configure(sql: Sql, statement: (name: keyof typeof WHILE_FILLING) => string): Promise<void> {
  for (const name of Object.keys(WHILE_FILLING) as (keyof typeof WHILE_FILLING)[]) await sql.unsafe(statement(name));
  await sql`select pg_reload_conf()`;
}

async function heads(sql: Sql): Promise<number> {
  const [row] = await sql<{ all: number }[]>`select sum(head)::int as all from log_heads()`;
  return row?.all ?? 0;
}

/** The orders' own rows, as texts with tokens; `grown.events` also knows the place of each in its shard's round. */
async function makePattern(sql: Sql, table: Growing, since: string): Promise<void> {
  const own = OWN_COLUMN[table];
  await sql.unsafe(`create table grown.${table} as select * from public.${table} where substring(${own} from '${ID.source}') collate "C" >= '${since}'`);
  const columns = await columnsOf(sql, table);
  const texts = columns.filter(({ type }) => type === "text" || type === "json");
  for (const { name, type } of texts) if (type === "json") await sql.unsafe(`alter table grown.${table} alter column ${name} type text`);
  const rows = await sql.unsafe(`select ctid::text as at, ${texts.map(({ name }) => name).join(", ")} from grown.${table}`);
  for (const { at, ...row } of rows as unknown as ({ at: string } & Record<string, string | null>)[]) {
    const set = Object.fromEntries(Object.entries(row).map(([name, text]) => [name, text === null ? null : patternOf(text, since)]));
    await sql`update grown.${sql(table)} set ${sql(set)} where ctid = ${at}::text::tid`;
  }
  if (table === "commands") {
    const nth = (name: string) => `(select e.nth from grown.events e where e.shard = t.shard and e.position = t.${name})`;
    await sql.unsafe(`alter table grown.commands add column nth_from_position bigint, add column nth_to_position bigint; update grown.commands t set nth_from_position = ${nth("from_position")}, nth_to_position = ${nth("to_position")}`);
  }
  if (table !== "events") return;
  await sql.unsafe(`
    alter table grown.events add column nth bigint;
    update grown.events e set nth = n.nth from (select shard, position, row_number() over (partition by shard order by position) as nth from grown.events) n where n.shard = e.shard and n.position = e.position;
    create table grown.shards as select e.shard, count(*) as per_round, (select max(position) from public.events p where p.shard = e.shard) as head from grown.events e group by 1;
    create table grown.links as select e.owner_id, e.shard, count(*) as events, array_agg(e.nth order by e.nth) as nths,
      (select seq + cardinality(positions) from audit_chain a where a.owner_id = e.owner_id order by seq desc limit 1) as seq from grown.events e group by 1, 2`);
}

function patternOf(text: string, since: string): string {
  return text
    .replace(ID, (id) => (id >= since ? TOKENS.id + id.slice(TIME_OF_ID) : id))
    .replace(/^\{"position":"\d+","time":"[^"]+"/, `{"position":"${TOKENS.position}","time":"${TOKENS.time}"`)
    .replace(/"businessdate":"[^"]+"/, `"businessdate":"${TOKENS.date}"`);
}

type Column = { readonly name: string; readonly type: string };

async function columnsOf(sql: Sql, table: Growing): Promise<readonly Column[]> {
  return sql<Column[]>`select column_name as name, data_type as type from information_schema.columns where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`;
}

/** Each round is an instant of the last 80 days, in order, so that times and ids grow with positions. */
async function makeRounds(sql: Sql, rounds: number): Promise<void> {
  await sql.unsafe(`
    create table grown.rounds as
      select nth, at, ulid_floor(at) as id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as time, (at at time zone 'UTC')::date as day
      from (select nth, date_trunc('milliseconds', now() - interval '1 hour' - (${rounds} - nth) * (interval '${DAYS} days' / ${rounds})) as at from generate_series(0, ${rounds - 1}) as nth) r;
    alter table grown.rounds add primary key (nth);
    analyze grown.rounds`);
}

async function writeRounds(sql: Sql, adminUrl: string, rounds: number, perRound: number): Promise<void> {
  const statements = [];
  for (const table of GROWING) statements.push(insertOf(table, await columnsOf(sql, table)));
  statements.push(`
    insert into public.audit_chain (owner_id, seq, shard, first_position, last_position, positions, digests, hash)
    select l.owner_id, l.seq + r.nth * l.events, l.shard, s.head + r.nth * s.per_round + l.nths[1], s.head + r.nth * s.per_round + l.nths[cardinality(l.nths)],
      (select array_agg(s.head + r.nth * s.per_round + n) from unnest(l.nths) n), decode(repeat(md5(r.nth::text), 2 * l.events::int), 'hex'), decode(repeat(md5(r.nth::text), 2), 'hex')
    from grown.links l join grown.shards s on s.shard = l.shard`);
  // Round by round, so that the rows of an instant lie beside each other as they do in a log that grew.
  await sql.unsafe(`
    create function grown.write_rounds(p_from bigint, p_to bigint) returns void language plpgsql as $$
    declare
      r record;
    begin
      for r in select * from grown.rounds where nth >= p_from and nth < p_to order by nth loop
        ${statements.map((statement) => `${statement};`).join("\n")}
      end loop;
    end $$`);
  let [said, from] = [performance.now(), 0];
  const write = async () => {
    const writer = openWriter(adminUrl);
    try {
      for (let at = from; at < rounds; at = from) {
        from += AT_ONCE;
        await writer`select grown.write_rounds(${at}, ${at + AT_ONCE})`;
        if (performance.now() - said < SAY_EVERY_MS) continue;
        said = performance.now();
        say(`    ${((Math.min(rounds, from) * perRound) / 1e6).toFixed(2)} of ${((rounds * perRound) / 1e6).toFixed(2)} million events`);
      }
    } finally {
      await writer.end();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

function insertOf(table: Growing, columns: readonly Column[]): string {
  const [isEvents, isCommands] = [table === "events", table === "commands"];
  const value = ({ name, type }: Column): string => {
    if (isEvents && name === "position") return "s.head + r.nth * s.per_round + t.nth";
    if (isCommands && (name === "from_position" || name === "to_position")) return `s.head + r.nth * s.per_round + t.nth_${name}`;
    if (type === "timestamp with time zone") return `case when t.${name} is null then null else r.at end`;
    if (type === "date") return "r.day";
    if (isEvents && name === "envelope") return `replace(replace(replace(replace(t.envelope, '${TOKENS.id}', r.id), '${TOKENS.time}', r.time), '${TOKENS.date}', r.day::text), '${TOKENS.position}', (s.head + r.nth * s.per_round + t.nth)::text)`;
    if (type === "text" || type === "json") return `replace(t.${name}, '${TOKENS.id}', r.id)::${type}`;
    return `t.${name}`;
  };
  const shards = isEvents || isCommands ? "join grown.shards s on s.shard = t.shard" : "";
  return `insert into public.${table} (${columns.map(({ name }) => name).join(", ")})
    select ${columns.map(value).join(", ")} from grown.${table} t ${shards}`;
}
