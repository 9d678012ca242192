import type { z } from "zod";
import { takeCard, takeCash, takeGiftCard, takeHouseAccount, takeVoucher } from "#shared/commands/payment.ts";
import { cutText } from "#shared/cut-text.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep, unitOf } from "#shared/money/rounding.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { redeemGiftCard } from "../gift-card/gift-card.ts";
import { voucherStream } from "../streams.ts";
import { accountReference, chargeAccount } from "./house-account.ts";
import { openDrawer } from "./open-drawer.ts";
import { payable, recipientRefs, taken, tenderOf, tippingKnown } from "./payable.ts";

type Taken = { readonly tender: Tender; readonly due: Money };
const settle = { version: 2, capability: "check.settle", owner: "merchant" } as const;

function decideCash(input: z.output<typeof takeCash>, reader: Reader, context: Context): Decision<Taken> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const drawer = openDrawer(input.drawer, reader);
  if ("refused" in drawer) return drawer;
  const pay = payable(input, reader, [input.tendered]);
  if ("refused" in pay) return pay;
  const { check, amount, tip } = pay;
  const { currency } = check;
  // Only cash that clears what is due is rounded to coins that exist; the check's total never changes.
  const cash = pay.clears ? roundToStep(amount, BigInt(check.policies.cashStep)) : amount;
  const tendered = minorUnits(input.tendered);
  if (tendered < cash + tip) return refuse("tendered-too-little", { needed: moneyOf(cash + tip, currency) });
  const odd = unitRefusal({ tendered: input.tendered }, unitOf(check.policies.rounding), [cash + tip]);
  if (odd) return odd;
  const tender = tenderOf(input, check, amount, tip, { method: "cash", tendered: input.tendered, change: moneyOf(tendered - cash - tip, currency), rounding: cash - amount });
  const { changes, due } = taken(check, tender, drawer.id, by, context);
  const inDrawer: DomainEvent = { type: "cash.drawer.cashTaken", data: { payment: input.payment, amount: moneyOf(cash + tip, currency), tip: tender.tip } };
  return { changes: [...changes, change("drawer", drawer.id, [inDrawer])], result: { tender, due } };
}

export const takeCashCommand = command({
  ...settle,
  type: "payment.takeCash",
  schema: takeCash,
  reads: (input) => [...recipientRefs(input), ref("check", input.check), ref("payment", input.payment), ref("drawer", input.drawer)],
  decide: tippingKnown(decideCash),
});

export const takeCardCommand = command({
  ...settle,
  type: "payment.takeCard",
  schema: takeCard,
  reads: (input) => [...recipientRefs(input), ref("check", input.check), ref("payment", input.payment)],
  decide: tippingKnown((input: z.output<typeof takeCard>, reader, context): Decision<Taken> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const pay = payable(input, reader);
    if ("refused" in pay) return pay;
    const tender = tenderOf(input, pay.check, pay.amount, pay.tip, { method: "card-manual", slip: input.slip });
    const { changes, due } = taken(pay.check, tender, null, by, context);
    return { changes, result: { tender, due } };
  }),
});

/** What it is worth beyond what is due is forfeited: no change is given on a voucher. */
function decideVoucher(input: z.output<typeof takeVoucher>, reader: Reader, context: Context): Decision<Taken & { forfeited: Money }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const stream = voucherStream(context.merchant, input.issuer, input.code);
  const used = reader.get("voucher", stream);
  if (used && used.payment !== null) return refuse("voucher-used", { check: used.check });
  const pay = payable(input, reader, [input.value]);
  if ("refused" in pay) return pay;
  const odd = unitRefusal({ value: input.value }, unitOf(pay.check.policies.rounding));
  if (odd) return odd;
  const value = minorUnits(input.value);
  // The tip is paid with it too: what it is worth covers both.
  const left = value - pay.tip;
  if (left <= 0n || (input.amount && pay.amount > left)) return refuse("amount-over-value", { value: input.value });
  const amount = pay.amount < left ? pay.amount : left;
  const tender = tenderOf(input, pay.check, amount, pay.tip, { method: "voucher", reference: cutText(`${input.issuer} ${input.code}`, 80), account: stream });
  const forfeited = moneyOf(left - amount, pay.check.currency);
  const { changes, due } = taken(pay.check, tender, null, by, context);
  const data = { payment: input.payment, check: pay.check.id, issuer: input.issuer, code: input.code, value: input.value, amount: tender.amount, forfeited };
  return { changes: [...changes, change("voucher", stream, [{ type: "payment.voucher.used", data }])], result: { tender, due, forfeited } };
}

export const takeVoucherCommand = command({
  ...settle,
  type: "payment.takeVoucher",
  schema: takeVoucher,
  reads: (input, _, context) => [...recipientRefs(input), ref("check", input.check), ref("payment", input.payment), ref("voucher", voucherStream(context.merchant, input.issuer, input.code))],
  decide: tippingKnown(decideVoucher),
});

export const takeGiftCardCommand = command({
  ...settle,
  type: "payment.takeGiftCard",
  schema: takeGiftCard,
  reads: (input) => [...recipientRefs(input), ref("check", input.check), ref("payment", input.payment), ref("gift-card", input.card)],
  decide: tippingKnown((input: z.output<typeof takeGiftCard>, reader, context): Decision<Taken> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const pay = payable(input, reader);
    if ("refused" in pay) return pay;
    const card = reader.get("gift-card", input.card);
    if (!card) return refuse("unknown-gift-card", { card: input.card });
    const { check } = pay;
    // Without an amount a card that has too little gives all that it has, the tip first; but no sen, of which the rest could not be paid.
    const left = roundToStep(minorUnits(card.balance) - pay.tip, unitOf(check.policies.rounding), "down");
    const amount = input.amount || pay.amount < left ? pay.amount : left;
    const redeemed = redeemGiftCard({ card: input.card, amount: amount + pay.tip, currency: check.currency, payment: input.payment, check: check.id, by }, reader);
    if ("refused" in redeemed) return redeemed;
    if (amount <= 0n) return refuse("gift-card-balance", { left: card.balance });
    const tender = tenderOf(input, check, amount, pay.tip, { method: "gift-card", account: input.card, reference: input.card.slice(-6) });
    const { changes, due } = taken(check, tender, null, by, context);
    return { changes: [...changes, redeemed], result: { tender, due } };
  }),
});

export const takeHouseAccountCommand = command({
  ...settle,
  type: "payment.takeHouseAccount",
  schema: takeHouseAccount,
  reads: (input) => [...recipientRefs(input), ref("check", input.check), ref("payment", input.payment), ref("house-account", input.account)],
  decide: tippingKnown((input: z.output<typeof takeHouseAccount>, reader, context): Decision<Taken> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const pay = payable(input, reader);
    if ("refused" in pay) return pay;
    const charged = chargeAccount(input.account, { payment: input.payment, check: pay.check.id, amount: moneyOf(pay.amount + pay.tip, pay.check.currency) }, reader);
    if ("refused" in charged) return charged;
    const tender = tenderOf(input, pay.check, pay.amount, pay.tip, { method: "house-account", account: input.account, reference: accountReference(input.account) });
    const { changes, due } = taken(pay.check, tender, null, by, context);
    return { changes: [...changes, charged], result: { tender, due } };
  }),
});
