import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import type { JobTrace } from "#consumers/runner/trace.ts";
import type { ProviderRequestKind } from "#shared/events/payment.ts";
import { prefixed } from "#shared/ids.ts";
import type { Lane } from "./lanes.ts";

export const PAYMENTS_QUEUE = "payments";
const KEPT = "14 days";
/** A `start` says whose attempt it is (`payment_attempt_of`): as long as a provider may still tell of it. */
const START_KEPT = "90 days";

/** What a provider is told with it. Minor units as text. */
export type RequestBody = {
  readonly amount?: string;
  readonly tip?: string;
  readonly currency: string;
  readonly kind?: "terminal" | "qr";
  readonly capture?: "now" | "later";
  readonly expiresAt?: string;
  readonly label?: string;
};
export type NewRequest = {
  readonly id: string;
  readonly merchant: string;
  readonly organizer: string;
  readonly provider: string;
  readonly payment: string;
  readonly attempt: string;
  readonly refund: string | null;
  readonly kind: ProviderRequestKind;
  readonly body: RequestBody;
  /** Not before so many milliseconds from now. */
  readonly inMs: number;
  readonly trace: JobTrace;
};
export type ClaimedRequest = {
  readonly id: string;
  readonly merchant_id: string;
  readonly organizer_id: string;
  readonly provider: string;
  readonly payment_id: string;
  readonly attempt_id: string;
  readonly refund_id: string | null;
  readonly kind: ProviderRequestKind;
  readonly body: RequestBody;
  readonly tries: number;
  /** Since it was noted, in ms: its first try is at most as old. */
  readonly age_ms: number;
  /** Of a row that had ended: since it was begun anew, in ms. It is asked after by then, never asked for. */
  readonly anew_ms: number | null;
  /** Money of its payout was told of without naming its try, and is booked for none so far. */
  readonly paid_unnamed: boolean;
  /** Of the try before. */
  readonly outcome: string | null;
  readonly claim: bigint;
} & JobTrace;

/** The row, and its key at the provider, of one try of a payout: the one that the event `asked` for. */
export function refundRequestId(asked: string, payment: string): string {
  return prefixed("providerRequest", derivedUlid(asked, `refund ${payment}`));
}

/** What is there already stays as it is, but for asking: that begins anew, at once if it is wanted at once. */
export async function note(tx: TransactionSql, requests: readonly NewRequest[]): Promise<void> {
  for (const { id, merchant, organizer, provider, payment, attempt, refund, kind, body, inMs, trace } of requests) {
    await tx`
      insert into payment_requests as r (id, merchant_id, organizer_id, provider, payment_id, attempt_id, refund_id, kind, body, next_try_at, traceparent, correlation)
      values (${id}, ${merchant}, ${organizer}, ${provider}, ${payment}, ${attempt}, ${refund}, ${kind}, ${tx.json(body)}, now() + ${`${inMs} milliseconds`}::interval, ${trace.traceparent}, ${trace.correlation})
      on conflict (id) do update set state = 'queued', traceparent = excluded.traceparent, correlation = excluded.correlation, tries = 0, done_at = null, lease_until = null, claim = r.claim + 1,
        next_try_at = case when r.state = 'queued' then least(r.next_try_at, excluded.next_try_at) else excluded.next_try_at end
        where r.kind = 'ask'`;
  }
}

/** Nothing was asked with it, or it is the one that the payout was paid for. */
export const NOT_WANTED = "not-wanted";
export function requestStore(sql: Sql, owner: string, leaseMs: number) {
  const lease = `${leaseMs} milliseconds`;
  /**
   * In the order in which they were asked for: a capture never overtakes what it captures. Asking overtakes nothing and waits for nobody; for a refund,
   * which may take days at its provider and has a key of its own, nobody waits.
   */
  const inTurn = sql`(r.kind = 'ask' or not exists (
    select from payment_requests e where e.merchant_id = r.merchant_id and e.payment_id = r.payment_id and e.seq < r.seq and e.state = 'queued' and e.kind not in ('ask', 'refund')))`;
  const isFree = sql`r.state = 'queued' and (r.lease_until is null or r.lease_until < now())`;
  return {
    /** A lease that ran out is of a try that nobody ended: its call may have been heard. What the provider has under way it has heard. */
    async claim(id: string): Promise<ClaimedRequest | undefined> {
      const [row] = await sql<ClaimedRequest[]>`
        update payment_requests r set claimed_by = ${owner}, claim = claim + 1, tries = tries + 1, lease_until = now() + ${lease}::interval,
          outcome = case when r.lease_until is null or r.outcome = 'pending' then r.outcome else 'no-answer' end
        where r.id = ${id} and ${isFree} and r.next_try_at <= now() and ${inTurn}
        returning id, merchant_id, organizer_id, provider, payment_id, attempt_id, refund_id, kind, body, tries, outcome, claim, traceparent, correlation,
          r.kind = 'refund' and (r.paid_unnamed is not null or exists (
            select from payment_requests o where o.merchant_id = r.merchant_id and o.payment_id = r.payment_id and o.refund_id = r.refund_id and o.paid_unnamed is not null)) as paid_unnamed,
          (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as age_ms,
          (extract(epoch from clock_timestamp() - done_at) * 1000)::float8 as anew_ms`;
      return row;
    },

    /** Money of its payout was told of that names no try (`rememberUnnamed`). */
    async isPaidUnnamed({ id }: Pick<ClaimedRequest, "id">): Promise<boolean> {
      const [row] = await sql<{ paid: boolean }[]>`select paid_unnamed is not null as paid from payment_requests where id = ${id}`;
      return row?.paid === true;
    },

    /** Of whom it wants something, and what; undefined when it has ended. */
    async waiting(id: string): Promise<Pick<ClaimedRequest, "provider" | "kind"> | undefined> {
      const [row] = await sql<Pick<ClaimedRequest, "provider" | "kind">[]>`select provider, kind from payment_requests where id = ${id} and state = 'queued'`;
      return row;
    },

    /** What nobody was woken for in time: of each provider so many payments and refunds, so that none of them hides another's. It reads no more of them, from one lane's rows to the next (`payment_requests_of_lane`). */
    async overdue(byMs: number, most: Readonly<Record<Lane, number>>): Promise<readonly string[]> {
      const rows = await sql<{ id: string }[]>`
        with recursive lanes as (
          (select r.provider, (r.kind = 'refund') as is_refund from payment_requests r where r.state = 'queued' order by r.provider, (r.kind = 'refund') limit 1)
          union all
          select next.* from lanes l cross join lateral (
            select r.provider, (r.kind = 'refund') as is_refund from payment_requests r
            where r.state = 'queued' and (r.provider, (r.kind = 'refund')) > (l.provider, l.is_refund) order by r.provider, (r.kind = 'refund') limit 1) next)
        select overdue.id from lanes l cross join lateral (
          select r.id, r.next_try_at from payment_requests r
          where r.provider = l.provider and (r.kind = 'refund') = l.is_refund and ${isFree} and r.next_try_at <= now() - ${`${byMs} milliseconds`}::interval and ${inTurn}
          order by r.next_try_at limit case when l.is_refund then ${most.refunds}::int else ${most.payments}::int end) overdue
        order by overdue.next_try_at`;
      return rows.map(({ id }) => id);
    },

    /** Whose turn it is, now that a row of this payment has ended. */
    async following({ merchant_id, payment_id }: Pick<ClaimedRequest, "merchant_id" | "payment_id">): Promise<readonly string[]> {
      const rows = await sql<{ id: string }[]>`
        select r.id from payment_requests r
        where r.merchant_id = ${merchant_id} and r.payment_id = ${payment_id} and r.kind <> 'ask' and ${isFree} and r.next_try_at <= now() and ${inTurn}
        order by r.seq`;
      return rows.map(({ id }) => id);
    },

    /** How long until it may be claimed; null when there is nothing to wait for but another row's end. */
    async waitMs(id: string): Promise<number | null> {
      const [row] = await sql<{ ms: number }[]>`
        select greatest(50, ceil(extract(epoch from greatest(r.next_try_at, coalesce(r.lease_until, r.next_try_at)) - clock_timestamp()) * 1000))::int as ms
        from payment_requests r where r.id = ${id} and r.state = 'queued' and ${inTurn}`;
      return row?.ms ?? null;
    },

    async isQueued(payment: string, kind: ProviderRequestKind): Promise<boolean> {
      const rows = await sql`select 1 from payment_requests where payment_id = ${payment} and kind = ${kind} and state = 'queued' limit 1`;
      return rows.length > 0;
    },

    /** False: somebody else has it meanwhile, and what was learned is theirs to learn again. */
    async finish(tx: TransactionSql, { id, claim }: ClaimedRequest, outcome: string): Promise<boolean> {
      const rows = await tx`
        update payment_requests set state = 'done', outcome = ${outcome}, done_at = now(), lease_until = null
        where id = ${id} and claim = ${claim} and state = 'queued' returning id`;
      return rows.length === 1;
    },

    /** What is over and long past goes, the tries of a payout not before the last of them, and together; answers how many: `limit` at most, and what else is of their payouts. */
    async purge(limit: number): Promise<number> {
      const gone = await sql`
        with past as (
          select r.id, r.kind, r.merchant_id, r.payment_id, r.refund_id from payment_requests r
          where r.state = 'done' and r.done_at < now() - ${KEPT}::interval and (r.kind <> 'start' or r.done_at < now() - ${START_KEPT}::interval)
            and (r.kind <> 'refund' or not exists (
              select from payment_requests other where other.merchant_id = r.merchant_id and other.payment_id = r.payment_id and other.refund_id = r.refund_id and other.kind = 'refund'
                and (other.state = 'queued' or other.done_at >= now() - ${KEPT}::interval)))
          order by r.done_at limit ${limit} for update skip locked)
        delete from payment_requests where state = 'done' and id in (
          select id from past
          union select r.id from payment_requests r join past p on p.kind = 'refund' and r.kind = 'refund' and r.merchant_id = p.merchant_id and r.payment_id = p.payment_id and r.refund_id = p.refund_id)
        returning 1`;
      return gone.length;
    },

    async again(tx: Sql | TransactionSql, { id, claim }: ClaimedRequest, outcome: string, inMs: number): Promise<boolean> {
      const rows = await tx`
        update payment_requests set outcome = ${outcome}, lease_until = null, next_try_at = now() + ${`${inMs} milliseconds`}::interval
        where id = ${id} and claim = ${claim} and state = 'queued' returning id`;
      return rows.length === 1;
    },
  };
}
export type RequestStore = ReturnType<typeof requestStore>;
