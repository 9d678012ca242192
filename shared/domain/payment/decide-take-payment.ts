import type { z } from "zod";
import { takeCard, takeCash } from "#shared/commands/payment.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";

type CashInput = z.output<typeof takeCash>;
type CardInput = z.output<typeof takeCard>;
type Taken = { readonly tender: Tender; readonly due: Money };
type Payable = { readonly check: CheckState; readonly due: bigint; readonly amount: bigint; readonly tip: bigint };

/** What of the check this payment covers: all that is due unless an amount is named. */
function payable(input: CashInput | CardInput, reader: Reader): Payable | Refusal {
  const check = reader.get("check", input.check);
  if (!check) return refuse("unknown-check", { check: input.check });
  if (reader.get("payment", input.payment)) return refuse("payment-exists", { payment: input.payment });
  if (check.status === "closed" || check.status === "voided") return refuse("check-closed", { check: check.id });
  const foreign = [input.amount, input.tip, "tendered" in input ? input.tendered : undefined].some((money) => money && money.currency !== check.currency);
  if (foreign) return refuse("wrong-currency", { currency: check.currency });
  const due = BigInt(checkTotals(check).due);
  if (due <= 0n) return refuse("nothing-due", { check: check.id });
  const amount = input.amount ? minorUnits(input.amount) : due;
  if (amount > due) return refuse("amount-over-due", { due: moneyOf(due, check.currency) });
  return { check, due, amount, tip: input.tip ? minorUnits(input.tip) : 0n };
}

/** Check and payment in one decision: never taken twice, never lost (DOM-14). A check whose due reaches zero is paid. */
function taken(pay: Payable, tender: Tender, drawer: string | null, by: Person, context: Context): { readonly changes: readonly Change[]; readonly due: Money } {
  const { check } = pay;
  const next: CheckState = { ...check, tenders: [...check.tenders, tender] };
  const totals = checkTotals(next);
  const cleared = totals.due === "0";
  const attempt = context.newId("attempt");
  const applied: DomainEvent[] = [{ type: "sale.check.paymentApplied", data: { tender, by } }];
  const paid: DomainEvent[] = [
    { type: "payment.transaction.created", data: { check: check.id, order: check.order, drawer, tender, checkClosed: false, by } },
    { type: "payment.attempt.created", data: { attempt, amount: tender.amount } },
    { type: "payment.attempt.success", data: { attempt, check: check.id, drawer, tender } },
  ];
  if (cleared) {
    applied.push({ type: "sale.check.paid", data: { totals, tenders: [...next.tenders] } });
    paid.push({ type: "payment.order.success", data: { order: check.order, check: check.id } });
  }
  return { changes: [change("check", check.id, applied), change("payment", tender.payment, paid)], due: moneyOf(BigInt(totals.due), check.currency) };
}

function decideCash(input: CashInput, reader: Reader, context: Context): Decision<Taken> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const drawer = reader.get("drawer", input.drawer);
  if (!drawer) return refuse("unknown-drawer", { drawer: input.drawer });
  if (drawer.closed) return refuse("drawer-closed", { drawer: drawer.id });
  const pay = payable(input, reader);
  if ("refused" in pay) return pay;
  const { check, amount, due, tip } = pay;
  const { currency } = check;
  // Only cash that clears the check is rounded to coins that exist; the check's total never changes.
  const cash = amount === due ? roundToStep(amount, BigInt(check.policies.cashStep)) : amount;
  const tendered = minorUnits(input.tendered);
  if (tendered < cash + tip) return refuse("tendered-too-little", { needed: moneyOf(cash + tip, currency) });
  const tender: Tender = {
    payment: input.payment,
    method: "cash",
    amount: moneyOf(amount, currency),
    tip: moneyOf(tip, currency),
    tendered: input.tendered,
    change: moneyOf(tendered - cash - tip, currency),
    roundingDifference: moneyOf(cash - amount, currency),
    slip: null,
  };
  const { changes, due: left } = taken(pay, tender, drawer.id, by, context);
  const inDrawer: DomainEvent = { type: "cash.drawer.cashTaken", data: { payment: input.payment, amount: moneyOf(cash + tip, currency) } };
  return { changes: [...changes, change("drawer", drawer.id, [inDrawer])], result: { tender, due: left } };
}

function decideCard(input: CardInput, reader: Reader, context: Context): Decision<Taken> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const pay = payable(input, reader);
  if ("refused" in pay) return pay;
  const { currency } = pay.check;
  const tender: Tender = {
    payment: input.payment,
    method: "card-manual",
    amount: moneyOf(pay.amount, currency),
    tip: moneyOf(pay.tip, currency),
    tendered: null,
    change: null,
    roundingDifference: moneyOf(0n, currency),
    slip: input.slip,
  };
  const { changes, due } = taken(pay, tender, null, by, context);
  return { changes, result: { tender, due } };
}

export const takeCashCommand = command({
  type: "payment.takeCash",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: takeCash,
  reads: (input) => [ref("check", input.check), ref("payment", input.payment), ref("drawer", input.drawer)],
  decide: decideCash,
});

export const takeCardCommand = command({
  type: "payment.takeCard",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: takeCard,
  reads: (input) => [ref("check", input.check), ref("payment", input.payment)],
  decide: decideCard,
});
