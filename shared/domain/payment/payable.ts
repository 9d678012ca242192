import type { Money } from "#shared/events/primitives.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { attemptOn, lockedAmount, openAttempts, type OpenAttempt } from "../check/evolve-payments.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { unitRefusal } from "../charged-amounts.ts";
import { change, ref, refuse } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { partDue } from "../check/parts.ts";

export type PaymentInput = {
  readonly payment: string;
  readonly check: string;
  readonly part?: string | undefined;
  readonly amount?: Money | undefined;
  readonly tip?: Money | undefined;
  readonly tipFor?: Person | undefined;
  readonly tipPool?: true | undefined;
};
/** `free`: what is due on the check (or part) and not locked; `clears`: this amount leaves nothing due on it. */
export type Payable = { readonly check: CheckState; readonly free: bigint; readonly amount: bigint; readonly tip: bigint; readonly clears: boolean };

/** A check that still takes money. */
export function takesMoney(check: CheckState): boolean {
  return check.status === "open" || check.status === "presented" || check.status === "paid";
}

/** Says who is at it, so that the second device can be told (DOM-14). */
export function lockedBy(attempt: OpenAttempt): Refusal {
  const { payment, method, amount, by } = attempt;
  return refuse(attempt.unknown ? "attempt-unknown" : "attempt-open", { payment, method, amount, by: by.name });
}

/** For `reads` of a command that takes money: who is named for its tip. */
export function recipientRefs({ tipFor }: Pick<PaymentInput, "tipFor">): readonly Ref[] {
  return tipFor === undefined ? [] : [ref("staff", tipFor.staff)];
}

type Decide<Input, Result> = (input: Input, reader: Reader, context: Context) => Decision<Result>;

/** A tip is for somebody who works here, by the name that they have here, whatever the input calls them. */
export function tippingKnown<Input extends PaymentInput, Result>(decide: Decide<Input, Result>): Decide<Input, Result> {
  return (input, reader, context) => {
    if (input.tipFor === undefined) return decide(input, reader, context);
    const { staff } = input.tipFor;
    const known = reader.get("staff", staff);
    if (!known || known.disabled || !known.work.some(({ merchant }) => merchant === context.merchant)) return refuse("unknown-staff", { staff });
    return decide({ ...input, tipFor: { staff, name: known.name } }, reader, context);
  };
}

export function checkFor(input: PaymentInput, reader: Reader, others: readonly (Money | undefined)[] = []): CheckState | Refusal {
  const check = reader.get("check", input.check);
  if (!check) return refuse("unknown-check", { check: input.check });
  if (reader.get("payment", input.payment)) return refuse("payment-exists", { payment: input.payment });
  if (!takesMoney(check)) return refuse("check-closed", { check: check.id });
  const foreign = [input.amount, input.tip, ...others].some((money) => money && money.currency !== check.currency);
  return foreign ? refuse("wrong-currency", { currency: check.currency }) : check;
}

/** Minor units due on the check, or on its part; undefined when there is no such part. */
export function dueOn(check: CheckState, part: string | null): bigint | undefined {
  return part === null ? BigInt(checkTotals(check).due) : partDue(check, part);
}

/** Why nothing can be paid of a check (or part) that owes nothing. Of a part that was paid it is said that it was: the bill beside it may owe more. */
export function nothingDue(check: CheckState, part: string | null): Refusal {
  const isPaid = part !== null && check.tenders.some((tender) => tender.part === part);
  return isPaid ? refuse("part-paid", { part }) : refuse("nothing-due", { check: check.id });
}

/** `free`: minor units of what is due on the check (or part) that nothing has locked. `blocking`: the attempt that keeps others from the rest of it, of this part or of all. */
export type Free = { readonly free: bigint; readonly blocking: OpenAttempt | undefined };

/** `due`: minor units due on the check (or part), as `dueOn` says. */
export function freeOf(check: CheckState, part: string | null, due: bigint): Free {
  const whole = BigInt(checkTotals(check).due) - lockedAmount(check);
  const own = part === null ? whole : due - lockedAmount(check, part);
  // The other parts' attempts lock amounts of one bill: divided anew since, it may owe less beside them than this part does.
  const beside = whole < own ? openAttempts(check).find(({ holds }) => !holds) : undefined;
  return { free: own < whole ? own : whole, blocking: attemptOn(check, part) ?? beside };
}

/** Amount and tip that somebody named; all that is due (`due`, minor units) may be named whatever it is. */
export function namedRefusal({ amount, tip }: Pick<PaymentInput, "amount" | "tip">, { policies }: CheckState, due: bigint): Refusal | null {
  const unit = unitOf(policies.rounding);
  return unitRefusal({ amount }, unit, [due]) ?? unitRefusal({ tip }, unit);
}

/** What of the check this payment covers: all that is due and free unless an amount is named. */
export function payable(input: PaymentInput, reader: Reader, others: readonly (Money | undefined)[] = []): Payable | Refusal {
  const check = checkFor(input, reader, others);
  if ("refused" in check) return check;
  const part = input.part ?? null;
  const due = dueOn(check, part);
  if (due === undefined) return refuse("unknown-part", { part });
  if (due <= 0n) return nothingDue(check, part);
  const { free, blocking } = freeOf(check, part, due);
  const amount = input.amount ? minorUnits(input.amount) : free;
  if (blocking && (free <= 0n || amount > free)) return lockedBy(blocking);
  if (free <= 0n) return refuse("nothing-due", { check: check.id });
  if (amount > free) return refuse("amount-over-due", { due: moneyOf(free, check.currency) });
  const odd = namedRefusal(input, check, free);
  if (odd) return odd;
  return { check, free, amount, tip: input.tip ? minorUnits(input.tip) : 0n, clears: amount === due };
}

type Way = Pick<Tender, "method"> & Partial<Pick<Tender, "tendered" | "change" | "slip" | "reference" | "account" | "provider">> & { readonly rounding?: bigint };

export function tenderOf(input: PaymentInput, check: CheckState, amount: bigint, tip: bigint, { rounding, ...way }: Way): Tender {
  const { currency } = check;
  return {
    payment: input.payment,
    amount: moneyOf(amount, currency),
    tip: moneyOf(tip, currency),
    tendered: null,
    change: null,
    slip: null,
    ...way,
    roundingDifference: moneyOf(rounding ?? 0n, currency),
    ...(input.part === undefined ? {} : { part: input.part }),
    ...tipRecipient(input, check),
  };
}

/** DOM-14: a tip has its recipient from the payment on; what becomes of the check later does not change whose it is. */
function tipRecipient({ tipFor, tipPool }: PaymentInput, { policies, server }: CheckState): Pick<Tender, "tipFor" | "tipPool"> {
  if (tipFor !== undefined) return { tipFor };
  return tipPool === true || policies.tips?.recipient === "pool" ? { tipPool: true } : { tipFor: server };
}

export type Applied = { readonly events: readonly DomainEvent[]; readonly cleared: boolean; readonly due: Money };

/** What a tender does to its check. A check whose due reaches zero is paid. */
export function applyTender(check: CheckState, tender: Tender, by: Person): Applied {
  const tenders = [...check.tenders, tender];
  const totals = checkTotals({ ...check, tenders });
  const cleared = totals.due === "0" && takesMoney(check) && check.status !== "paid";
  const events: DomainEvent[] = [{ type: "sale.check.paymentApplied", data: { tender, by } }];
  if (cleared) events.push({ type: "sale.check.paid", data: { totals, tenders } });
  return { events, cleared, due: moneyOf(BigInt(totals.due), check.currency) };
}

/** Check and payment in one decision: never taken twice, never lost (DOM-14). `checkClosed`: it replaces a tender of a closed check. */
export function taken(check: CheckState, tender: Tender, drawer: string | null, by: Person, context: Context): { readonly changes: readonly [Change, Change]; readonly due: Money } {
  const attempt = context.newId("attempt");
  const checkClosed = check.status === "closed";
  const { events, cleared, due } = applyTender(check, tender, by);
  const paid: DomainEvent[] = [
    { type: "payment.transaction.created", data: { check: check.id, order: check.order, drawer, tender, checkClosed, by } },
    { type: "payment.attempt.created", data: { attempt, amount: tender.amount } },
    { type: "payment.attempt.success", data: { attempt, check: check.id, drawer, tender, ...(checkClosed ? { checkClosed } : {}) } },
  ];
  if (cleared) paid.push({ type: "payment.order.success", data: { order: check.order, check: check.id } });
  return { changes: [change("check", check.id, events), change("payment", tender.payment, paid)], due };
}
