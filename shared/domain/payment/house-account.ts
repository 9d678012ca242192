import type { z } from "zod";
import { changeHouseAccount, closeHouseAccount, eraseHouseAccount, openHouseAccount, payHouseAccount } from "#shared/commands/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { ERASED } from "../erased.ts";
import { unitNow } from "../merchant/charged-unit.ts";
import { accountPaymentStream } from "../streams.ts";
import { openDrawer } from "./open-drawer.ts";
import type { HouseAccountState } from "./state.ts";

function accountOf(account: string, reader: Reader): HouseAccountState | Refusal {
  const state = reader.get("house-account", account);
  if (!state) return refuse("unknown-account", { account });
  return state.closed ? refuse("account-closed", { account }) : state;
}

type Charge = { readonly payment: string; readonly check: string; readonly amount: Money };

/** The account's version is that which was read: of two charges that would pass the limit one is decided again. */
export function chargeAccount(account: string, charge: Charge, reader: Reader): Change | Refusal {
  const state = accountOf(account, reader);
  if ("refused" in state) return state;
  const { balance, limit } = state;
  if (state.blocked) return refuse("account-blocked", { account });
  if (balance.currency !== charge.amount.currency) return refuse("wrong-currency", { currency: balance.currency });
  const free = limit === null ? null : minorUnits(limit) - minorUnits(balance);
  if (free !== null && minorUnits(charge.amount) > free) return refuse("over-limit", { free: moneyOf(free > 0n ? free : 0n, balance.currency) });
  return change("house-account", account, [{ type: "payment.house-account.charged", data: charge }]);
}

/** What bills and receipts keep, until a name is put in its place for people (hub/log/account-names.ts): whose account it is stands on the account alone, so that it can be erased there. */
export function accountReference(account: string): string {
  return account.slice(-6);
}

/** Also of an account that was closed: it then owes the guest. */
export function creditAccount(account: string, payment: string, amount: Money): Change {
  return change("house-account", account, [{ type: "payment.house-account.credited", data: { payment, amount } }]);
}

const settings = { version: 1, capability: "manage.settings", owner: "merchant" } as const;

export const openHouseAccountCommand = command({
  ...settings,
  type: "payment.openHouseAccount",
  schema: openHouseAccount,
  reads: (input, _, context) => [ref("house-account", input.account), ref("merchant", context.merchant)],
  decide: ({ account, name, limit }, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (reader.get("house-account", account)) return refuse("account-exists", { account });
    const merchant = reader.get("merchant", context.merchant);
    if (!merchant) return refuse("merchant-not-ready");
    const { currency } = merchant;
    if (limit && limit.currency !== currency) return refuse("wrong-currency", { currency });
    const odd = unitRefusal({ limit }, unitNow(merchant));
    if (odd) return odd;
    return { changes: [change("house-account", account, [{ type: "payment.house-account.opened", data: { name, limit, currency, by } }])], result: {} };
  },
});

export const changeHouseAccountCommand = command({
  ...settings,
  type: "payment.changeHouseAccount",
  schema: changeHouseAccount,
  reads: (input, _, context) => [ref("house-account", input.account), ref("merchant", context.merchant)],
  decide: ({ account, ...named }, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const state = accountOf(account, reader);
    if ("refused" in state) return state;
    const { name = state.name, limit = state.limit, blocked = state.blocked } = named;
    if (limit && limit.currency !== state.balance.currency) return refuse("wrong-currency", { currency: state.balance.currency });
    const odd = unitRefusal({ limit }, unitNow(reader.get("merchant", context.merchant)), state.limit ? [minorUnits(state.limit)] : []);
    if (odd) return odd;
    return { changes: [change("house-account", account, [{ type: "payment.house-account.changed", data: { name, limit, blocked, by } }])], result: {} };
  },
});

type Paid = { readonly balance: Money; readonly cash: Money | null };

function decidePay({ account, payment, amount, method }: z.output<typeof payHouseAccount>, reader: Reader, context: Context): Decision<Paid> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const state = reader.get("house-account", account);
  if (!state) return refuse("unknown-account", { account });
  const once = accountPaymentStream(payment);
  if (reader.get("account-payment", once) || reader.get("payment", payment)) return refuse("payment-exists", { payment });
  const { balance, name } = state;
  const { currency } = balance;
  if (amount.currency !== currency) return refuse("wrong-currency", { currency });
  const left = minorUnits(balance) - minorUnits(amount);
  if (left < 0n) return refuse("amount-over-balance", { balance });
  const merchant = reader.get("merchant", context.merchant);
  const odd = unitRefusal({ amount }, unitNow(merchant), [minorUnits(balance)]);
  if (odd) return odd;
  const paid = (drawer: string | null, rounding: bigint, slip: string | null) => [
    change("account-payment", once, [{ type: "payment.account-payment.taken", data: { account } }]),
    change("house-account", account, [{ type: "payment.house-account.paid", data: { name, payment, method: method.method, drawer, amount, rounding: moneyOf(rounding, currency), left: moneyOf(left, currency), slip, by } }]),
  ];
  if (method.method === "card-manual") return { changes: [...paid(null, 0n, method.slip)], result: { balance: moneyOf(left, currency), cash: null } };
  const drawer = openDrawer(method.drawer, reader);
  if ("refused" in drawer) return drawer;
  // As on a check: only cash that settles it is rounded to coins that exist.
  const step = BigInt(merchant?.policies?.cashStep ?? 1);
  const coins = left === 0n ? roundToStep(minorUnits(amount), step) : minorUnits(amount);
  const cash = moneyOf(coins, currency);
  return {
    changes: [...paid(drawer.id, coins - minorUnits(amount), null), change("drawer", drawer.id, [{ type: "cash.drawer.cashTaken", data: { payment, amount: cash } }])],
    result: { balance: moneyOf(left, currency), cash },
  };
}

export const payHouseAccountCommand = command({
  type: "payment.payHouseAccount",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: payHouseAccount,
  reads: ({ account, payment, method }, _, context) => [
    ref("house-account", account),
    ref("account-payment", accountPaymentStream(payment)),
    ref("payment", payment),
    ref("merchant", context.merchant),
    ...(method.method === "cash" ? [ref("drawer", method.drawer)] : []),
  ],
  decide: decidePay,
});

export const closeHouseAccountCommand = command({
  ...settings,
  type: "payment.closeHouseAccount",
  schema: closeHouseAccount,
  reads: (input) => [ref("house-account", input.account)],
  decide: ({ account }, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const state = accountOf(account, reader);
    if ("refused" in state) return state;
    if (state.balance.amount !== "0") return refuse("account-not-settled", { balance: state.balance });
    return { changes: [change("house-account", account, [{ type: "payment.house-account.closed", data: { by } }])], result: {} };
  },
});

export const eraseHouseAccountCommand = command({
  type: "payment.eraseHouseAccount",
  version: 1,
  capability: "guest.erase",
  owner: "merchant",
  schema: eraseHouseAccount,
  reads: ({ account }) => [ref("house-account", account)],
  decide: ({ account, reason }, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const state = reader.get("house-account", account);
    if (!state) return refuse("unknown-account", { account });
    // Who owes something, or is owed, is no guest to be forgotten.
    if (!state.closed) return refuse("account-open", { account });
    if (state.balance.amount !== "0") return refuse("account-not-settled", { balance: state.balance });
    if (state.name === ERASED) return refuse("nothing-to-erase", { account });
    return { changes: [change("house-account", account, [{ type: "payment.house-account.guestErased", data: { reason, by } }])], result: {} };
  },
});
