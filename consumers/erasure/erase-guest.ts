import type { TransactionSql } from "#hub/db/client.ts";
import { holdsName, withoutNames } from "#hub/log/audit-digest.ts";

type Written = { readonly shard: number; readonly position: bigint; readonly stream: string; readonly envelope: string; readonly chained: boolean };

/**
 * Takes a guest's name and words out of everything that was written of an order: its events and those of its tickets (by what stands for them in the
 * chain, so that every link stays what it was), the tickets as they are, slips, dead letters, and the streams in Redis. In the transaction of the event
 * that asks for it, whose own fold has emptied the order.
 */
export async function eraseGuestOf(sql: TransactionSql, order: string, epoch: string): Promise<void> {
  const rows = await sql<{ stream: string }[]>`select stream from aggregates where kind = 'ticket' and head->>'order' = ${order} and owner_id = (select owner_id from aggregates where stream = ${order})`;
  const streams = [order, ...rows.map(({ stream }) => stream)];
  const written = await sql<Written[]>`
    select e.shard, e.position, e.stream, e.envelope, coalesce(a.position >= e.position, false)
      and not exists (select from parked_events p where p.consumer_group = 'audit' and p.shard = e.shard and p.position = e.position) as chained
    from events e left join consumer_checkpoints a on a.consumer_group = 'audit' and a.shard = e.shard
    where e.stream = any(${streams}) order by e.shard, e.position`;
  const salts = new Map((await sql<{ stream: string; salt: Uint8Array }[]>`select stream, salt from audit_salts where stream = any(${streams})`).map(({ stream, salt }) => [stream, salt]));
  // The chain hides a name with a salt that is made when it comes to the event: what is erased before that could never be chained.
  const named = written.filter(({ envelope }) => holdsName(envelope));
  if (named.some(({ chained }) => !chained)) throw new Error("the audit's chain has not come to the order yet");
  const [shards, positions, envelopes] = [named.map(({ shard }) => String(shard)), named.map(({ position }) => String(position)), named.map(({ stream, envelope }) => withoutNames(envelope, salts.get(stream)))];
  await sql`select log_erase_guest(${streams}::text[], ${shards}::text[]::smallint[], ${positions}::text[]::bigint[], ${envelopes}::text[])`;
  await sql`
    update dead_letters d set envelope = n.envelope
    from unnest(${shards}::text[]::smallint[], ${positions}::text[]::bigint[], ${envelopes}::text[]) as n (shard, position, envelope)
    where d.shard = n.shard and d.position = n.position`;
  const [printing] = await sql`select from print_jobs where (order_id = ${order} or about = any(${streams})) and state = 'sending' limit 1`;
  if (printing !== undefined) throw new Error("a slip of the order is being printed");
  await sql`delete from print_jobs where order_id = ${order} or about = any(${streams})`;
  await sql`
    insert into erased_entries (shard, position, epoch) select shard, position, ${epoch} from unnest(${shards}::text[]::smallint[], ${positions}::text[]::bigint[]) as n (shard, position)
    on conflict do nothing`;
}
