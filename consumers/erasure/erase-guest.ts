import { holdSlips, removeSlips, renewReportSlips } from "#consumers/printing/forget-slips.ts";
import { takeTurn } from "#consumers/runner/erasure-turn.ts";
import type { TransactionSql } from "#hub/db/client.ts";
import { namesIn, withoutNames } from "#hub/log/audit-digest.ts";
import { guestStreams, type GuestStreams, type Subject } from "./guest-streams.ts";
import { holdRebuilds } from "./readers.ts";

/** `readTo`: the place in the owner's shard up to which every consumer has read. */
export type Erasure = Subject & { readonly id: string; readonly organizer: string; readonly businessDate: string | null; readonly shard: number; readonly readTo: bigint };
export type Erased = { readonly events: number; readonly streams: number; readonly slips: number; readonly files: number };
/**
 * It can be done a little later: somebody may still make something of a text with the name (`readers`, and then up to where), what the chain has not come to
 * would be hashed with a salt that is gone, paper on its way is not called back, and twins of a projection are filled from texts that were read before.
 */
export type NotYet = { readonly waitsFor: "readers"; readonly to: bigint } | { readonly waitsFor: "chain" | "printing" | "rebuild" };

type Written = { readonly shard: number; readonly position: bigint; readonly stream: string; readonly type: string; readonly envelope: string; readonly recorded: Date; readonly chained: boolean };

/**
 * Takes a guest's name and words out of everything that was written of an order or an account: events (by what stands for them in the chain, so that
 * every link stays what it was), stored answers, slips, files and dead letters. States have lost them by folding, before.
 */
export async function eraseGuest(sql: TransactionSql, erasure: Erasure, found?: GuestStreams): Promise<Erased | NotYet> {
  const { subject, merchant, checks } = erasure;
  if (found === undefined) await takeTurn(sql, merchant);
  const { own, reports, files, bills, copies } = found ?? (await guestStreams(sql, erasure));
  const streams = [...own, ...files];
  if ((await holdRebuilds(sql)) === "building") return { waitsFor: "rebuild" };
  if ((await holdSlips(sql, merchant, subject, [...streams, ...bills, ...reports])) === "printing") return { waitsFor: "printing" };

  const hidden = new Set(streams);
  const written = await eventsOf(sql, [...streams, ...reports]);
  const named = written.flatMap((event) => {
    const tokens = namesIn(event.envelope).flatMap(({ token, stream }) => (hidden.has(stream) ? [token] : []));
    return tokens.length === 0 ? [] : [{ ...event, tokens }];
  });
  const last = named.reduce((most, { position }) => (position > most ? position : most), 0n);
  if (last > erasure.readTo) return { waitsFor: "readers", to: last };
  if (named.some(({ chained }) => !chained)) return { waitsFor: "chain" };
  const salts = new Map((await sql<{ stream: string; salt: Uint8Array }[]>`select stream, salt from audit_salts where stream = any(${streams})`).map(({ stream, salt }) => [stream, salt]));
  const texts = named.map(({ envelope }) => withoutNames(envelope, (stream) => salts.get(stream), (stream) => hidden.has(stream)));
  const [shards, positions] = [named.map(({ shard }) => String(shard)), named.map(({ position }) => String(position))];
  await sql`select log_erase_guest(${streams}::text[], ${shards}::text[]::smallint[], ${positions}::text[]::bigint[], ${texts}::text[])`;
  await forgetAnswers(sql, merchant, streams, named);
  await sql`
    update dead_letters d set envelope = n.envelope
    from unnest(${shards}::text[]::smallint[], ${positions}::text[]::bigint[], ${texts}::text[]) as n (shard, position, envelope)
    where d.shard = n.shard and d.position = n.position`;
  await sql`
    update cash_reports r set report = n.envelope::jsonb #> '{data,report}'
    from unnest(${texts}::text[]) as n (envelope)
    where r.merchant_id = ${merchant} and r.report_id = n.envelope::jsonb->>'subject' and n.envelope::jsonb->>'type' = 'cash.report.made'`;
  await sql`delete from maintenance_differences where merchant_id = ${merchant} and concat(expected, found) like any(${checks.map((check) => `%${check}%`)}::text[])`;
  const slips = (await removeSlips(sql, merchant, subject, [...streams, ...bills])) + (await renewReportSlips(sql, merchant, reports));
  await forgetFiles(sql, merchant, [...files, ...copies]);
  await sql`
    insert into erased_entries (shard, position, epoch, erasure) select shard, position, (select epoch from log_meta), ${erasure.id}
    from unnest(${shards}::text[]::smallint[], ${positions}::text[]::bigint[]) as n (shard, position)
    on conflict do nothing`;
  return { events: named.length, streams: new Set(named.map(({ stream }) => stream)).size, slips, files: files.length + copies.length };
}

/** A command that was refused may be older than what the guest said first. */
const REFUSED_BEFORE_MS = 24 * 60 * 60_000;

async function forgetAnswers(sql: TransactionSql, merchant: string, streams: readonly string[], named: readonly { readonly tokens: readonly string[]; readonly recorded: Date }[]): Promise<void> {
  const [first] = named.map(({ recorded }) => recorded.getTime()).sort((a, b) => a - b);
  if (first === undefined) return;
  await sql`select log_erase_answers(${merchant}, ${new Date(first - REFUSED_BEFORE_MS)}, ${[...streams]}::text[], ${[...new Set(named.flatMap(({ tokens }) => tokens))]}::text[])`;
}

/** The jobs first: who is making one keeps its file under that row's lock, and finds the row gone. */
async function forgetFiles(sql: TransactionSql, merchant: string, files: readonly string[]): Promise<void> {
  await sql`delete from document_jobs where merchant_id = ${merchant} and document_id = any(${[...files]})`;
  await sql`delete from document_chunks where merchant_id = ${merchant} and document_id = any(${[...files]})`;
}

/** With whether the audit's chain has come to each. */
function eventsOf(sql: TransactionSql, streams: readonly string[]): Promise<Written[]> {
  return sql<Written[]>`
    select e.shard, e.position, e.stream, e.type, e.envelope, e.recorded_at as recorded, coalesce(a.position >= e.position, false)
      and not exists (select from parked_events p where p.consumer_group = 'audit' and p.shard = e.shard and p.position = e.position) as chained
    from events e left join consumer_checkpoints a on a.consumer_group = 'audit' and a.shard = e.shard
    where e.stream = any(${[...streams]}) order by e.shard, e.position`;
}
