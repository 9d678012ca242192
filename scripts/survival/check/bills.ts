import { checkTotals } from "#shared/domain/check/totals.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { isTaken } from "#shared/domain/payment/machine.ts";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import type { Device } from "../device.ts";
import type { ProviderBooks } from "../outside.ts";
import { grouped, type Finding, type History } from "./history.ts";
import { bookedOf, chargedBy, isCharged, isSaidOf, paymentsOf } from "./provider.ts";

/**
 * PAY-9: what guests paid, by the providers' own books and by what was taken by hand, is what their bills were; whatever is more is said to be overpaid, to the unit. Bills that
 * people split or merged are counted as one, and a payment counts for the bill for which somebody asked for it.
 */
export function checkBills(history: History, books: readonly ProviderBooks[], devices: readonly Pick<Device, "sent">[]): Finding[] {
  const asked = new Map(
    devices.flatMap(({ sent }) => sent).flatMap(({ type, input }) => {
      if (type !== "payment.startAttempt" && type !== "payment.takeCash") return [];
      const { payment, check } = input as CommandInput<"payment.startAttempt" | "payment.takeCash">;
      return [[payment, check] as const];
    }),
  );
  const payments = paymentsOf(history);
  const familyOf = families([
    ...devices.flatMap(({ sent }) => sent.filter(({ answer }) => answer?.ok === true).map(({ input }) => JSON.stringify(input).match(/\bchk_\w+/g) ?? [])),
    ...history.of("sale.check.merged", "sale.check.rolledBack").map(({ data: { from, into } }) => [from, into].filter((check) => check !== undefined)),
    ...payments.map(({ id, check }) => [check, asked.get(id) ?? check]),
  ]);
  const inBooks = new Map(books.flatMap(({ attempts }) => attempts.map((attempt) => [attempt.attempt, attempt] as const)));
  const bills = grouped(billsOf(history), ({ check }) => familyOf(check));
  const paid = grouped(payments, ({ id, check }) => familyOf(asked.get(id) ?? check));
  return [...paid].flatMap(([family, own]) => {
    const ofFamily = bills.get(family) ?? [];
    const owed = ofFamily.reduce((sum, { total }) => sum + total, 0n);
    const taken = own.reduce((sum, payment) => sum + takenFor(payment, inBooks.get(payment.attempt ?? "")), 0n);
    const told = own.reduce((sum, { status, overpaid }) => sum + (isTaken(status) ? BigInt(overpaid?.amount ?? "0") : 0n), 0n);
    const over = taken - owed - told;
    if (over > 0n) return [`guests of ${family} paid ${over} more than they owed, and nobody was told`];
    return over < 0n && ofFamily.every(({ closed }) => closed) ? [`guests of ${family} paid ${-over} less than their closed bills say, or less was paid too much than was told`] : [];
  });
}

/** Without the tip, which is no part of a bill; of a payment that came too late for its bill, the tip pays for nothing either. */
function takenFor(payment: PaymentState, attempt: ProviderBooks["attempts"][number] | undefined): bigint {
  const { status, request, tender } = payment;
  const ours = isTaken(status) ? bookedOf(payment) - BigInt(tender.tip.amount) : 0n;
  if (request === null || attempt === undefined || isSaidOf(payment, attempt)) return ours;
  if (!isCharged(attempt)) return 0n;
  return chargedBy(attempt) - (tender.amount.amount === "0" ? 0n : BigInt(attempt.tip ?? "0"));
}

type Bill = { readonly check: string; readonly total: bigint; readonly closed: boolean };

function billsOf(history: History): readonly Bill[] {
  const closed = new Map(history.of("sale.check.closed").map(({ subject, data }) => [subject, BigInt(data.totals.total)]));
  const others = [...history.states].flatMap(([check, { kind, state }]) => (kind === "check" && !closed.has(check) ? [state as CheckState] : []));
  return [
    ...[...closed].map(([check, total]) => ({ check, total, closed: true })),
    ...others.map((check) => ({ check: check.id, total: BigInt(checkTotals(check).total), closed: Object.keys(check.shares).length === 0 })),
  ];
}

/** The name of the family of a check: the first of all that are tied to it. */
function families(ties: readonly (readonly string[])[]): (check: string) => string {
  const parents = new Map<string, string>();
  const root = (check: string): string => {
    const parent = parents.get(check) ?? check;
    return parent === check ? check : root(parent);
  };
  for (const [first, ...others] of ties) {
    for (const other of others) if (first !== undefined && root(other) !== root(first)) parents.set(root(other), root(first));
  }
  return root;
}
