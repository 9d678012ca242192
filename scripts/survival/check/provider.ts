import type { Sql } from "#hub/db/client.ts";
import { isOpen, isTaken } from "#shared/domain/payment/machine.ts";
import { pointsOfPayment } from "#shared/domain/payment/to-resolve.ts";
import type { PaymentState, RefundState } from "#shared/domain/payment/state.ts";
import type { ProviderBooks } from "../outside.ts";
import { compareCounts, repeated, type Finding, type History } from "./history.ts";

/** What the ledger says that a provider owes us for one payment. */
export type Owed = { readonly provider: string; readonly payment: string; readonly amount: string };
type Attempt = ProviderBooks["attempts"][number];
type Asked = PaymentState & { readonly attempt: string };

/** PAY-9, PAY-10: a guest pays more than is owed only when the provider was heard of after the end of an attempt, and then it is said. */
export function checkCharges(history: History): Finding[] {
  const over = new Set(history.of("payment.attempt.failed", "payment.attempt.expired", "payment.attempt.cancelled").map(({ subject }) => subject));
  return paymentsOf(history).flatMap(({ id, check, status, overpaid, late }) => {
    const isTwice = isTaken(status) && overpaid !== null && overpaid.amount !== "0" && !(late && over.has(id));
    return isTwice ? [`a guest of ${check} was charged twice: ${overpaid.amount} of ${id} pays for nothing`] : [];
  });
}

/** What the providers say they took and gave back is what we say, to the unit, and what the ledger says they owe us; or it is told to people as a contradiction. */
export async function checkProviders(sql: Sql, history: History, books: readonly ProviderBooks[]): Promise<Finding[]> {
  const owed = await sql<Owed[]>`
    select l.subject as provider, coalesce(e.envelope::jsonb #>> '{data,payout,payment}', e.stream) as payment, sum(l.amount)::text as amount
    from ledger_entries l join ledger_journals j using (merchant_id, journal_id) join events e on e.id = j.event_id
    where l.account in ('1050', '1055') group by 1, 2`;
  return checkBooks(history, books, owed);
}

/** `owed`: what the ledger has on the accounts of cards and codes. */
export function checkBooks(history: History, books: readonly ProviderBooks[], owed: readonly Owed[]): Finding[] {
  const payments = askedOf(history);
  const byAttempt = new Map(payments.map((payment) => [payment.attempt, payment]));
  const attempts = books.flatMap((book) => book.attempts);
  const inBooks = new Set(attempts.map(({ attempt }) => attempt));
  return [
    ...repeated("attempt in a provider's books", attempts.map(({ attempt }) => attempt)),
    ...attempts.flatMap((attempt) => checkAttempt(attempt, byAttempt.get(attempt.attempt))),
    ...checkNeverSent(history, attempts),
    ...payments.flatMap(({ id, attempt, status }) => (isTaken(status) && !inBooks.has(attempt) ? [`payment ${id} is ${status}, and its provider does not know it`] : [])),
    ...checkRefunds(history, books),
    ...checkOwed(books, payments, owed),
  ];
}

function checkAttempt(attempt: Attempt, payment: PaymentState | undefined): Finding[] {
  if (payment === undefined) return [`the provider was asked for ${attempt.attempt}, which nobody started`];
  const { id, status } = payment;
  if (isOpen(status)) return [`payment ${id} is still ${status}, its provider says ${attempt.state}`];
  if (isSaidOf(payment, attempt)) return [];
  if (isCharged(attempt) !== isTaken(status)) return [`payment ${id} is ${status}, its provider says ${attempt.state}`];
  return isCharged(attempt) && bookedOf(payment) !== chargedBy(attempt) ? [`payment ${id} is ${bookedOf(payment)}, its provider took ${chargedBy(attempt)}`] : [];
}

/** PAY-9: the hub itself ends as never sent, or as unreachable, only what cannot have reached the provider: people may ask the guest anew at once. That it is said afterwards to be late excuses nothing. */
function checkNeverSent(history: History, attempts: readonly Attempt[]): Finding[] {
  const cancelled = history.of("payment.attempt.cancelled").filter(({ data }) => data.by === "hub");
  const failed = history.of("payment.attempt.failed").filter(({ data }) => data.reason === "unreachable" && data.decidedBy === undefined);
  const neverSent = new Set([...cancelled, ...failed].map(({ data }) => data.attempt));
  return attempts.filter((attempt) => isCharged(attempt) && neverSent.has(attempt.attempt)).map(({ attempt }) => `the log says that ${attempt} never left us, its provider charged it`);
}

/** Each payout by a provider as often as the provider says. */
function checkRefunds({ states }: History, books: readonly ProviderBooks[]): Finding[] {
  const payments = new Map([...states.values()].flatMap(({ kind, state }) => (kind === "payment" ? [[(state as PaymentState).id, state as PaymentState] as const] : [])));
  const ours = [...states.values()].flatMap(({ kind, state }) => (kind === "refund" ? [state as RefundState] : [])).flatMap(({ id, payouts }) =>
    payouts.flatMap((payout) => {
      const { attempt = null, request = null } = payments.get(payout.payment) ?? {};
      if (payout.by === "cash" || payout.status !== "success" || request === null) return [];
      return [`${id} of ${attempt}: ${sum(payout.amount.amount, payout.tip.amount)}`];
    }),
  );
  const theirs = books.flatMap(({ refunds }) => refunds.filter(({ state }) => state === "succeeded").map(({ refund, attempt, amount }) => `${refund} of ${attempt}: ${amount}`));
  return compareCounts("given back by a provider", ours, theirs);
}

/** Payment by payment, so that what people are told of one says nothing of the others. What was settled was paid out to the bank. */
function checkOwed(books: readonly ProviderBooks[], payments: readonly Asked[], owed: readonly Owed[]): Finding[] {
  const byAttempt = new Map(payments.map((payment) => [payment.attempt, payment]));
  const expected = new Map<string, bigint>();
  const said = new Set<string>();
  const add = (provider: string, payment: string | undefined, amount: bigint) => {
    const key = `${provider} ${payment ?? "of nobody"}`;
    expected.set(key, (expected.get(key) ?? 0n) + amount);
  };
  for (const { name, attempts, refunds } of books) {
    for (const attempt of attempts) {
      const payment = byAttempt.get(attempt.attempt);
      if (payment !== undefined && isSaidOf(payment, attempt)) said.add(`${name} ${payment.id}`);
      if (isCharged(attempt) && (payment === undefined || payment.settled === null)) add(name, payment?.id, chargedBy(attempt));
    }
    for (const { attempt, state, amount } of refunds) if (state === "succeeded") add(name, byAttempt.get(attempt)?.id, -BigInt(amount ?? "0"));
  }
  const booked = new Map(owed.filter(({ provider }) => books.some(({ name }) => name === provider)).map(({ provider, payment, amount }) => [`${provider} ${payment}`, BigInt(amount)]));
  return [...new Set([...expected.keys(), ...booked.keys()])].flatMap((key) => {
    const [should, is] = [expected.get(key) ?? 0n, booked.get(key) ?? 0n];
    return should === is || said.has(key) ? [] : [`the ledger says that ${key.replace(" ", " owes for ")}: ${is}, its books say ${should}`];
  });
}

export function isCharged({ state }: Attempt): boolean {
  return state === "captured" || state === "settled";
}

export function chargedBy({ amount, tip }: Attempt): bigint {
  return sum(amount, tip);
}

/** People are told of this very difference: that the provider has what we have not, another amount, or less than what was booked. */
export function isSaidOf(payment: PaymentState, attempt: Attempt): boolean {
  const { contradicted, missing, status } = payment;
  const told = new Set(pointsOfPayment(payment).map(({ kind }) => kind));
  if (told.has("missing") && missing !== undefined && isTaken(status)) return isCharged(attempt) && chargedBy(attempt) + BigInt(missing.amount) === bookedOf(payment);
  if (!told.has("contradicted")) return false;
  return contradicted === attempt.state || (isCharged(attempt) && (contradicted === `amount ${chargedBy(attempt)}` || contradicted === `wrong-currency ${attempt.currency}`));
}

/** All that was taken of the guest, as we know it. */
export function bookedOf({ tender, overpaid }: PaymentState): bigint {
  return sum(tender.amount.amount, tender.tip.amount, overpaid?.amount);
}

/** Whose money a provider was asked for. */
function askedOf(history: History): readonly Asked[] {
  return paymentsOf(history).flatMap((payment) => (payment.attempt !== null && payment.request !== null ? [{ ...payment, attempt: payment.attempt }] : []));
}

export function paymentsOf({ states }: History): readonly PaymentState[] {
  return [...states.values()].flatMap(({ kind, state }) => (kind === "payment" ? [state as PaymentState] : []));
}

function sum(...minors: readonly (string | undefined)[]): bigint {
  return minors.reduce((all, minor) => all + BigInt(minor ?? "0"), 0n);
}
