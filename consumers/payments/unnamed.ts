import type { TransactionSql } from "#hub/db/client.ts";
import { NOT_WANTED, type NewRequest } from "./requests.ts";

export type PayoutRows = Pick<NewRequest, "merchant" | "payment"> & { readonly refund: string };

const triesOf = (tx: TransactionSql, { merchant, refund, payment }: PayoutRows) => tx`merchant_id = ${merchant} and payment_id = ${payment} and refund_id = ${refund} and kind = 'refund'`;

/** Every try of this payout, the first one first; nobody else ends or wakes one of them in the meantime. */
export async function refundTries(tx: TransactionSql, payout: PayoutRows): Promise<readonly string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from payment_requests where ${triesOf(tx, payout)} order by seq for update`;
  return rows.map(({ id }) => id);
}

/** A try is made by people, one by one. */
const MOST_TRIES_ASKED = 50;

/**
 * Rows of this payout that have ended begin anew, to be asked after and never asked for: `done_at` stays, and says so. The last `MOST_TRIES_ASKED` of them; answers whom to wake.
 */
export async function askAgain(tx: TransactionSql, payout: PayoutRows): Promise<readonly string[]> {
  const rows = await tx<{ id: string }[]>`
    update payment_requests set state = 'queued', tries = 0, claim = claim + 1, lease_until = null, next_try_at = now(), done_at = now()
    where id in (
      select id from payment_requests
      where ${triesOf(tx, payout)} and state = 'done' and outcome <> ${NOT_WANTED}
      order by seq desc limit ${MOST_TRIES_ASKED})
    returning id`;
  return rows.map(({ id }) => id);
}

/** Whoever waits to ask after this payout asks now; answers whom to wake. */
export async function hurryRefund(tx: TransactionSql, payout: PayoutRows): Promise<readonly string[]> {
  const rows = await tx<{ id: string }[]>`
    update payment_requests set next_try_at = least(next_try_at, now())
    where ${triesOf(tx, payout)} and state = 'queued' returning id`;
  return rows.map(({ id }) => id);
}

/** Money of this payout, and nobody knows of which try: it is asked for no more, and remembered until `takeUnnamed`. `currency`: in which it was told. */
export async function rememberUnnamed(tx: TransactionSql, payout: PayoutRows, currency: string): Promise<void> {
  await tx`
    update payment_requests set paid_unnamed = ${currency}
    where ${triesOf(tx, payout)}`;
}

/**
 * Once: what was remembered is of the try of which the provider now says that it was `paid`, in that currency when it names one, or of none that can be asked. Answers its
 * currency when it is to be booked without a name.
 */
export async function takeUnnamed(tx: TransactionSql, payout: PayoutRows, paid: { readonly currency?: string } | undefined): Promise<string | undefined> {
  const isPaid = paid === undefined ? tx`false` : paid.currency === undefined ? tx`true` : tx`paid_unnamed = ${paid.currency}`;
  const rows = await tx<{ currency: string; paid: boolean }[]>`
    with told as (
      select id, paid_unnamed as currency, ${isPaid} as paid from payment_requests
      where ${triesOf(tx, payout)} and paid_unnamed is not null
        and (${isPaid} or not exists (
          select from payment_requests where ${triesOf(tx, payout)} and state = 'queued')))
    update payment_requests r set paid_unnamed = null from told where r.id = told.id returning told.currency, told.paid`;
  return rows.find((told) => !told.paid)?.currency;
}
