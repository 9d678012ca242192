import type { Sql } from "#hub/db/client.ts";
import { isOpen, isTaken } from "#shared/domain/payment/machine.ts";
import { pointsOfPayment } from "#shared/domain/payment/to-resolve.ts";
import type { PaymentState, RefundState } from "#shared/domain/payment/state.ts";
import type { ProviderBooks } from "../outside.ts";
import { compareCounts, type Finding, type History } from "./history.ts";

type Owed = { readonly provider: string; readonly amount: string };
type Attempt = ProviderBooks["attempts"][number];

/** PAY-9, PAY-10: a guest pays more than is owed only when the provider was heard of after the end of an attempt, and then it is said. */
export function checkCharges(history: History): Finding[] {
  return paymentsOf(history).flatMap(({ id, check, status, overpaid, late }) => {
    const over = isTaken(status) && overpaid !== null && overpaid.amount !== "0";
    return over && !late ? [`a guest of ${check} was charged twice: ${overpaid.amount} of ${id} pays for nothing`] : [];
  });
}

/** What the providers say they took and gave back is what we say, to the unit, and what the ledger says they owe us; or it is told to people as a contradiction. */
export async function checkProviders(sql: Sql, history: History, books: readonly ProviderBooks[]): Promise<Finding[]> {
  const owed = await sql<Owed[]>`select subject as provider, sum(amount)::text as amount from ledger_entries where account in ('1050', '1055') group by 1`;
  return checkBooks(history, books, owed);
}

/** `owed`: what the ledger has on the accounts of cards and codes. */
export function checkBooks(history: History, books: readonly ProviderBooks[], owed: readonly Owed[]): Finding[] {
  const payments = paymentsOf(history).filter(({ attempt, request }) => attempt !== null && request !== null);
  const byAttempt = new Map(payments.map((payment) => [payment.attempt, payment]));
  const inBooks = new Map(books.flatMap(({ attempts }) => attempts.map((attempt) => [attempt.attempt, attempt] as const)));
  return [
    ...[...inBooks.values()].flatMap((attempt) => checkAttempt(attempt, byAttempt.get(attempt.attempt))),
    ...payments.flatMap(({ id, attempt, status }) => (isTaken(status) && !inBooks.has(attempt ?? "") ? [`payment ${id} is ${status}, and its provider does not know it`] : [])),
    ...checkRefunds(history, books),
    ...books.flatMap((book) => checkOwed(book, payments, owed.find(({ provider }) => provider === book.name)?.amount ?? "0")),
  ];
}

function checkAttempt(attempt: Attempt, payment: PaymentState | undefined): Finding[] {
  if (payment === undefined) return [`the provider was asked for ${attempt.attempt}, which nobody started`];
  const { id, status, tender, overpaid } = payment;
  if (isOpen(status)) return [`payment ${id} is still ${status}, its provider says ${attempt.state}`];
  if (isFlagged(payment)) return [];
  const charged = isCharged(attempt);
  if (charged !== isTaken(status)) return [`payment ${id} is ${status}, its provider says ${attempt.state}`];
  const booked = sum(tender.amount.amount, tender.tip.amount, overpaid?.amount);
  return charged && booked !== chargedBy(attempt) ? [`payment ${id} is ${booked}, its provider took ${chargedBy(attempt)}`] : [];
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

function checkOwed({ name, attempts, refunds }: ProviderBooks, payments: readonly PaymentState[], ledger: string): Finding[] {
  if (payments.some((payment) => payment.request?.provider === name && isFlagged(payment))) return [];
  // What was settled was paid out to the bank.
  const settled = new Set(payments.filter(({ settled: paidOut }) => paidOut !== null).map(({ attempt }) => attempt));
  const holds = attempts.filter((attempt) => isCharged(attempt) && !settled.has(attempt.attempt)).reduce((all, attempt) => all + chargedBy(attempt), 0n);
  const gave = refunds.filter(({ state }) => state === "succeeded").reduce((all, { amount }) => all + BigInt(amount ?? "0"), 0n);
  return BigInt(ledger) === holds - gave ? [] : [`the ledger says that ${name} owes ${ledger}, its books say ${holds - gave}`];
}

function isCharged({ state }: Attempt): boolean {
  return state === "captured" || state === "settled";
}

function chargedBy({ amount, tip }: Attempt): bigint {
  return sum(amount, tip);
}

/** People are told that the provider says something else. */
function isFlagged(payment: PaymentState): boolean {
  return pointsOfPayment(payment).some(({ kind }) => kind === "contradicted" || kind === "missing");
}

function paymentsOf({ states }: History): readonly PaymentState[] {
  return [...states.values()].flatMap(({ kind, state }) => (kind === "payment" ? [state as PaymentState] : []));
}

function sum(...minors: readonly (string | undefined)[]): bigint {
  return minors.reduce((all, minor) => all + BigInt(minor ?? "0"), 0n);
}
