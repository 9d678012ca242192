import { createHash } from "node:crypto";
import { ulid } from "ulidx";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import type { AppendCommand, ParsedEvent } from "#hub/log/types.ts";
import type { Lease } from "./leases.ts";

export type DeadLetter = {
  readonly event: ParsedEvent;
  readonly keys: readonly string[];
  readonly reason: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly at: Date;
  readonly blocksKeys: boolean;
};

export function deadLetterId(group: string, event: ParsedEvent): string {
  return `dlt_${derivedUlid(event.envelope.id, `${group}\ndead-letter`)}`;
}

/** Answers how often the event failed in all, earlier lives as a dead letter included. */
export async function recordDeadLetter(tx: TransactionSql, lease: Lease, letter: DeadLetter): Promise<number> {
  const { envelope, text, position } = letter.event;
  const [row] = await tx<{ attempts: number }[]>`
    insert into dead_letters (id, consumer_group, shard, position, event_id, event_type, topic, organizer_id, merchant_id, envelope,
      keys, reason, attempts, first_failed_at, last_failed_at, recorded_at, blocks_keys, state)
    values (${deadLetterId(lease.group, letter.event)}, ${lease.group}, ${lease.shard}, ${position}, ${envelope.id}, ${envelope.type},
      ${`${envelope.type}.dlq`}, ${envelope.organizerid}, ${envelope.merchantid ?? null}, ${text}, ${letter.keys as string[]}::text[],
      ${letter.reason}, ${letter.attempts}, ${letter.firstFailedAt}, ${letter.at}, ${letter.at}, ${letter.blocksKeys}, 'open')
    on conflict (consumer_group, shard, position) do update
    set state = 'open', reason = excluded.reason, attempts = dead_letters.attempts + excluded.attempts,
        last_failed_at = excluded.last_failed_at, recorded_at = excluded.recorded_at, decided_by = null, decided_at = null, given_again_by = null
    returning attempts`;
  return row?.attempts ?? letter.attempts;
}

/** `system.dead-letter.recorded`, in the stream of the dead letter and in the shard of the event's owner. */
export async function announcement(tx: TransactionSql, group: string, letter: DeadLetter, attempts: number): Promise<AppendCommand> {
  const { envelope } = letter.event;
  // Not derived from the event: its time may be older than the log keeps command ids, and this transaction happens once.
  const id = ulid(letter.at.getTime());
  const stream = deadLetterId(group, letter.event);
  const [known] = await loadCurrent(tx, [{ stream, kind: "dead-letter" }]);
  const stamp = {
    organizer: envelope.organizerid,
    merchant: envelope.merchantid ?? null,
    now: letter.at.toISOString(),
    occurredAt: letter.at.toISOString(),
    businessDate: envelope.businessdate,
    commandId: id,
    correlationId: envelope.correlationid,
    actor: `consumer:${group}`,
    source: `/consumers/${group}`,
    newEventId: () => `evt_${id}`,
  };
  const data = { group, eventId: envelope.id, eventType: envelope.type, reason: letter.reason, attempts };
  // Whatever was decided on it before, it is open now: nothing of the state before is kept.
  const drafted = draftChanges([{ kind: "dead-letter", stream, events: [{ type: "system.dead-letter.recorded", data }] }], () => ({ version: known?.version ?? 0, state: undefined }), stamp);
  return {
    commandId: id,
    hash: createHash("sha256").update(`${envelope.id}\n${attempts}`).digest("hex"),
    organizerId: envelope.organizerid,
    ...(envelope.merchantid === undefined ? {} : { merchantId: envelope.merchantid }),
    actor: stamp.actor,
    source: stamp.source,
    correlationId: envelope.correlationid,
    causationId: envelope.id,
    ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
    changes: drafted.map(({ change }) => change),
    counts: [],
    answer: "{}",
  };
}

export async function resolveDeadLetter(tx: TransactionSql, lease: Lease, position: bigint): Promise<void> {
  await tx`
    update dead_letters set state = 'resolved'
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = ${position} and state = 'retrying'`;
}

export type Decision = {
  readonly deadLetterId: string;
  readonly decision: "retry" | "discard";
  /** `staff:<id>` or whoever runs the operator's command. */
  readonly by: string;
  readonly note?: string;
};

/**
 * Retries or discards a dead letter. The row waits for the shard's owner, who carries it out at its next tick.
 * `sql` is a consumer's, or a hub's transaction within the tenant of the dead letter.
 */
export async function decideDeadLetter(sql: Sql | TransactionSql, decision: Decision): Promise<{ decided: true } | { refused: "not-open" }> {
  const written = await sql`
    insert into dead_letter_decisions (dead_letter_id, organizer_id, merchant_id, decision, decided_by, note)
    select id, organizer_id, merchant_id, ${decision.decision}, ${decision.by}, ${decision.note ?? null}
    from dead_letters d where d.id = ${decision.deadLetterId} and d.state = 'open'
      and not exists (select from dead_letter_decisions w where w.dead_letter_id = d.id and w.done_at is null)`;
  return written.count === 1 ? { decided: true } : { refused: "not-open" };
}

export type WaitingDecision = {
  readonly id: bigint;
  readonly deadLetterId: string;
  readonly decision: "retry" | "discard";
  readonly by: string;
  readonly group: string;
  readonly shard: number;
  readonly position: bigint;
};

export async function waitingDecisions(sql: Sql): Promise<WaitingDecision[]> {
  return sql<WaitingDecision[]>`
    select w.id, w.dead_letter_id as "deadLetterId", w.decision, w.decided_by as "by",
           d.consumer_group as "group", d.shard, d.position
    from dead_letter_decisions w join dead_letters d on d.id = w.dead_letter_id
    where w.done_at is null order by w.id limit 500`;
}

/** In the owner's fenced transaction. Answers the keys of an event that is to be tried again. */
export async function carryOut(tx: TransactionSql, lease: Lease, decision: WaitingDecision, at: Date): Promise<{ keys: string[] } | undefined> {
  await tx`update dead_letter_decisions set done_at = clock_timestamp() where id = ${decision.id}`;
  const state = decision.decision === "retry" ? "retrying" : "discarded";
  const [letter] = await tx<{ keys: string[]; organizerId: string; merchantId: string | null }[]>`
    update dead_letters set state = ${state}, decided_by = ${decision.by}, decided_at = ${at}
    where id = ${decision.deadLetterId} and state = 'open'
    returning keys, organizer_id as "organizerId", merchant_id as "merchantId"`;
  if (letter === undefined) return undefined;
  if (decision.decision === "discard") {
    await tx`
      delete from parked_events
      where consumer_group = ${lease.group} and shard = ${lease.shard} and position = ${decision.position}`;
    return undefined;
  }
  await tx`
    insert into parked_events (consumer_group, shard, position, keys, organizer_id, merchant_id, due_at, parked_at)
    values (${lease.group}, ${lease.shard}, ${decision.position}, ${letter.keys}::text[],
            ${letter.organizerId}, ${letter.merchantId}, ${at}, ${at})
    on conflict (consumer_group, shard, position) do update set due_at = excluded.due_at, dead = false`;
  return { keys: letter.keys };
}

/** RUN-5e: what a person let go stays let go when its stretch of the log is given again. It is the shard's owner who carries decisions out, and who asks. */
export async function withoutDiscarded(sql: Sql, lease: Lease, events: readonly ParsedEvent[]): Promise<readonly ParsedEvent[]> {
  const rows = await sql<{ position: bigint }[]>`
    select position from dead_letters
    where consumer_group = ${lease.group} and shard = ${lease.shard} and state = 'discarded'
      and position = any(${events.map(({ position }) => position.toString())}::text[]::bigint[])`;
  const discarded = new Set(rows.map(({ position }) => position));
  return discarded.size === 0 ? events : events.filter(({ position }) => !discarded.has(position));
}

/** RUN-4: one that is done is kept for 14 days from its end; an open one stays until a person has decided, and one that was discarded for good: whoever goes the way again passes over it. */
export async function forgetOldDeadLetters(sql: Sql, at: Date): Promise<void> {
  await sql`
    delete from dead_letters
    where state = 'resolved' and recorded_at < ${at}::timestamptz - interval '14 days' and decided_at < ${at}::timestamptz - interval '14 days'`;
  await sql`delete from blocked_threads where since < ${at}::timestamptz - interval '14 days'`;
}
