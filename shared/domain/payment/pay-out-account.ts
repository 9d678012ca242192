import type { z } from "zod";
import { payOutHouseAccount } from "#shared/commands/payment.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import { toldOf } from "../cash/blind.ts";
import { MOST_MOVEMENTS } from "../cash/decide-movements.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { unitNow } from "../merchant/charged-unit.ts";
import { accountPaymentStream } from "../streams.ts";
import { openDrawer } from "./open-drawer.ts";

type PaidOut = { readonly balance: Money; readonly cash: Money | null };

/** What the guest has too much on the account; an account that was closed may still owe it. */
function decidePayOut({ account, payment, amount, method, approval }: z.output<typeof payOutHouseAccount>, reader: Reader, context: Context): Decision<PaidOut> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const state = reader.get("house-account", account);
  if (!state) return refuse("unknown-account", { account });
  const once = accountPaymentStream(payment);
  if (reader.get("account-payment", once) || reader.get("payment", payment)) return refuse("payment-exists", { payment });
  const { balance, name } = state;
  const { currency } = balance;
  if (amount.currency !== currency) return refuse("wrong-currency", { currency });
  const after = minorUnits(balance) + minorUnits(amount);
  if (after > 0n) return refuse("amount-over-credit", { credit: moneyOf(minorUnits(balance) < 0n ? -minorUnits(balance) : 0n, currency) });
  const merchant = reader.get("merchant", context.merchant);
  const odd = unitRefusal({ amount }, unitNow(merchant), [-minorUnits(balance)]);
  if (odd) return odd;
  const drawer = method.method === "cash" ? openDrawer(method.drawer, reader) : null;
  if (drawer && "refused" in drawer) return drawer;
  // As when it is paid: only cash that settles it is rounded to coins that exist.
  const step = BigInt(merchant?.policies?.cashStep ?? 1);
  const out = drawer && after === 0n ? roundToStep(minorUnits(amount), step) : minorUnits(amount);
  const leaves = moneyOf(out, currency);
  if (drawer && drawer.movements.length >= MOST_MOVEMENTS) return refuse("too-many-movements", { most: MOST_MOVEMENTS });
  const payouts = [{ payment, method: method.method, amount: leaves, tip: moneyOf(0n, currency), drawer: drawer?.id ?? null }];
  const approved = requireApproval({ approval, action: "pay-out", subject: { target: account, purpose: "account-credit", amount: leaves, payouts } }, reader, context);
  if ("refused" in approved) return approved;
  // Last, as with every pay-out: asking for more and more tells nobody what is in the drawer.
  if (drawer && out > minorUnits(drawer.expected)) return refuse("not-enough-cash", toldOf(drawer, context));
  const paidOut: DomainEvent = {
    type: "payment.house-account.paidOut",
    data: {
      name,
      payment,
      method: method.method,
      drawer: drawer?.id ?? null,
      amount,
      rounding: moneyOf(out - minorUnits(amount), currency),
      left: moneyOf(-after, currency),
      slip: method.method === "cash" ? null : method.slip,
      by,
      approvedBy: approved.by,
    },
  };
  return {
    changes: [
      change("account-payment", once, [{ type: "payment.account-payment.taken", data: { account } }]),
      change("house-account", account, [paidOut]),
      ...(drawer ? [change("drawer", drawer.id, [{ type: "cash.drawer.accountPaidOut", data: { payment, account, amount: leaves, by } }])] : []),
      ...approved.changes,
    ],
    result: { balance: moneyOf(after, currency), cash: drawer ? leaves : null },
  };
}

export const payOutHouseAccountCommand = command({
  type: "payment.payOutHouseAccount",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: payOutHouseAccount,
  reads: ({ account, payment, method, approval }, reader, context) => [
    ref("house-account", account),
    ref("account-payment", accountPaymentStream(payment)),
    ref("payment", payment),
    ref("merchant", context.merchant),
    ...(method.method === "cash" ? [ref("drawer", method.drawer)] : []),
    ...approvalRefs(approval, reader),
  ],
  decide: decidePayOut,
});
