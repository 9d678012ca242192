import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Payout } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { PaymentMethod, Tender } from "#shared/events/sale-check.ts";
import { POOL, type AccountCode } from "#shared/ledger/accounts.ts";
import { credit, debit, reversed, type BookedJournal, type Journal, type Leg } from "./journal.ts";

type Of<T extends EventEnvelope["type"]> = Extract<EventEnvelope, { type: T }>;

/** Which account a method's money is in, and whose part of it: the drawer's, the provider's, the card's, the house account's. */
export function placeOf(method: PaymentMethod, of: { readonly drawer: string | null; readonly provider?: string | undefined; readonly account?: string | undefined; readonly payment: string }): { readonly account: AccountCode; readonly subject: string } {
  switch (method) {
    case "cash":
      return { account: "1010", subject: of.drawer ?? of.payment };
    case "card-manual":
    case "card-terminal":
      return { account: "1050", subject: of.provider ?? "card-manual" };
    case "qr":
      return { account: "1055", subject: of.provider ?? "qr" };
    case "voucher":
      return { account: "1060", subject: of.account ?? of.payment };
    case "gift-card":
      return { account: "2300", subject: of.account ?? of.payment };
    case "house-account":
      return { account: "1150", subject: of.account ?? of.payment };
  }
}

const WORDS: Readonly<Record<PaymentMethod, string>> = {
  cash: "Cash",
  "card-manual": "Card",
  "card-terminal": "Card",
  qr: "QR",
  voucher: "Voucher",
  "gift-card": "Gift card",
  "house-account": "On account",
};

export function tenderJournalId(payment: string): string {
  return `${payment}/tender`;
}

/** Money may be taken back, be found, and be taken back again: every time has its journal. */
export function roundId(payment: string, name: string, round = 0): string {
  return round === 0 ? `${payment}/${name}` : `${payment}/${name}-${round}`;
}

/** What put the money where it is. */
export function takenJournalId(payment: string, round = 0): string {
  return round === 0 ? tenderJournalId(payment) : roundId(payment, "recovered", round);
}

/** A person's, or the pool's. */
function tipSubject({ tipFor, tipPool }: Pick<Tender, "tipFor" | "tipPool">, check: string): string {
  return tipFor?.staff ?? (tipPool === true ? POOL : check);
}

type Taken = { readonly check: string; readonly drawer: string | null; readonly tender: Tender; readonly checkClosed?: boolean | undefined; readonly overpaid?: Money | undefined };

/** Cash is posted net of change; tendered and change are attributes. While the check is open it is a prepayment (DOM-15). */
export function tenderLegs({ check, drawer, tender, checkClosed, overpaid }: Taken): readonly Leg[] {
  const [amount, tip, rounding] = [tender.amount, tender.tip, tender.roundingDifference].map(({ amount: minor }) => BigInt(minor)) as [bigint, bigint, bigint];
  const over = BigInt(overpaid?.amount ?? "0");
  const { account, subject } = placeOf(tender.method, { ...tender, drawer });
  return [
    debit(account, subject, amount + rounding + tip + over),
    credit(checkClosed === true ? "1100" : "2020", check, amount),
    credit("2200", tipSubject(tender, check), tip),
    credit("6210", check, rounding),
    credit("2350", tender.payment, over),
  ];
}

export function taken({ data }: Of<"payment.attempt.success">): Journal {
  const { tender } = data;
  const memo = `${WORDS[tender.method]} taken${tender.slip === null ? "" : `, slip ${tender.slip}`}${tender.reference === undefined ? "" : `, ${tender.reference}`}`;
  return { id: tenderJournalId(tender.payment), currency: tender.amount.currency, memo, legs: tenderLegs(data) };
}

/** Taken back before it was settled. The check may have moved or closed since, so the legs are where the money is now. */
export function takenBack({ data }: Of<"payment.attempt.reversed">): Journal {
  const { tender, reason, round } = data;
  return {
    id: roundId(tender.payment, "reversal", round),
    currency: tender.amount.currency,
    memo: `${WORDS[tender.method]} reversed: ${reason}`,
    legs: reversed(tenderLegs(data)),
    reverses: takenJournalId(tender.payment, round),
  };
}

/** Only money that was taken already: a tip on an authorisation is posted when it is captured. */
export function tipAdjusted({ id, data }: Of<"payment.attempt.tipAdjusted">): readonly Journal[] {
  if (!data.captured) return [];
  const { tender, check, drawer, from, to } = data;
  const more = BigInt(to.amount) - BigInt(from.amount);
  const { account, subject } = placeOf(tender.method, { ...tender, drawer });
  return [{ id: `${id}/tip`, currency: to.currency, memo: "Tip adjusted", legs: [debit(account, subject, more), credit("2200", tipSubject(tender, check), more)] }];
}

export function settled({ id, subject, data }: Of<"payment.transaction.settled">): Journal {
  const { provider, method, gross, fee, net } = data;
  return {
    id: `${id}/settled`,
    currency: gross.currency,
    memo: `Paid out by ${provider}`,
    legs: [debit("1020", subject, net.amount), debit("6100", provider, fee.amount), credit(method === "qr" ? "1055" : "1050", provider, gross.amount)],
  };
}

/** Merge and split move only prepayments: an open check has posted no sale (DOM-15). Said on both checks, posted once: with the source, of which there may be several. */
export function moved({ id, subject, type, data }: Of<"sale.check.merged"> | Of<"sale.check.rolledBack">): readonly Journal[] {
  const { from, into, tenders } = data;
  const [first] = tenders;
  if (from !== subject || into === undefined || first === undefined) return [];
  const amount = tenders.reduce((sum, tender) => sum + BigInt(tender.amount.amount), 0n);
  const [giver, taker] = type === "sale.check.merged" ? [from, into] : [into, from];
  const memo = type === "sale.check.merged" ? "Prepayments moved with their check" : "Prepayments moved back";
  return [{ id: `${id}/moved`, currency: first.amount.currency, memo, legs: [debit("2020", giver, amount), credit("2020", taker, amount)] }];
}

function refundJournalId(refund: string): string {
  return `${refund}/approved`;
}

type Document = Of<"payment.refund.created">["data"];

/** What the guest is owed back, at the rates of the sale. Money that never paid for anything was owed since it came. */
function refundLegs(refund: string, document: Document): readonly Leg[] {
  const { net, serviceCharge, tax, rounding = "0", cards = [], tip, overpaid, prepaid = "0", check, payouts } = document;
  const owed = [net, serviceCharge, tax, rounding, tip, overpaid, prepaid, ...cards.map(({ amount }) => amount.amount)].reduce((sum, minor) => sum + BigInt(minor), 0n);
  const [first] = payouts;
  return [
    debit("4190", check, BigInt(net) + BigInt(serviceCharge)),
    debit("2100", check, tax),
    debit("6210", check, rounding),
    ...cards.map(({ card, amount }) => debit("2300", card, amount.amount)),
    ...payouts.map((payout) => debit("2200", tipSubject(payout, check), payout.tip.amount)),
    debit("2350", first?.payment ?? check, overpaid),
    debit("2020", check, prepaid),
    credit("2350", refund, owed),
  ];
}

export function refundApproved({ subject, data }: Of<"payment.refund.created">): Journal {
  return { id: refundJournalId(subject), currency: data.currency, memo: `Refund ${data.number}${data.checkNumber === null ? "" : ` of check ${data.checkNumber}`}: ${data.reason}`, legs: refundLegs(subject, data) };
}

export function refundCancelled({ subject, data }: Of<"payment.refund.cancelled">): Journal {
  const { document } = data;
  return { id: `${subject}/cancelled`, currency: document.currency, memo: `Refund ${document.number} cancelled`, legs: reversed(refundLegs(subject, document)), reverses: refundJournalId(subject) };
}

function payoutPlace(payout: Payout): { readonly account: AccountCode; readonly subject: string } {
  return placeOf(payout.by === "cash" ? "cash" : payout.method, payout);
}

type PaidPayout = { readonly payout: Payout; readonly round?: number | undefined };

function payoutLegs(refund: string, payout: Payout): readonly Leg[] {
  const [amount, tip, rounding] = [payout.amount, payout.tip, payout.rounding].map(({ amount: minor }) => BigInt(minor)) as [bigint, bigint, bigint];
  const place = payoutPlace(payout);
  return [debit("2350", refund, amount + tip), debit("6210", refund, rounding), credit(place.account, place.subject, amount + tip + rounding)];
}
const paidJournalId = (refund: string, { payout, round }: PaidPayout): string => roundId(refund, `paid-${payout.payment}`, round);

export function refundPaid({ subject, data }: Of<"payment.refund.success">): Journal {
  const { payout } = data;
  return { id: paidJournalId(subject, data), currency: payout.amount.currency, memo: `Refund paid: ${WORDS[payout.by === "cash" ? "cash" : payout.method]}`, legs: payoutLegs(subject, payout) };
}

/** A manager had said that it was paid, and it was not: it is owed to the guest again. */
export function refundFoundNotPaid({ subject, data }: Of<"payment.refund.contradictionResolved">): readonly Journal[] {
  const { payout, outcome, reason, round } = data;
  if (outcome === "paid") return [];
  return [{ id: roundId(subject, `not-paid-${payout.payment}`, round), currency: payout.amount.currency, memo: `Refund not paid after all: ${reason}`, legs: reversed(payoutLegs(subject, payout)), reverses: paidJournalId(subject, data) }];
}

/** A house account's bill is paid. */
export function houseAccountPaid({ id, subject, data }: Of<"payment.house-account.paid">): Journal {
  const { method, drawer, amount, payment, slip } = data;
  const place = placeOf(method, { drawer, payment });
  const rounding = BigInt(data.rounding.amount);
  return {
    id: `${id}/paid`,
    currency: amount.currency,
    memo: `Account paid: ${WORDS[method]}${slip === null ? "" : `, slip ${slip}`}`,
    legs: [debit(place.account, place.subject, BigInt(amount.amount) + rounding), credit("1150", subject, amount.amount), credit("6210", subject, rounding)],
  };
}

/** What a house account had too much goes back to the guest. */
export function houseAccountPaidOut({ id, subject, data }: Of<"payment.house-account.paidOut">): Journal {
  const { method, drawer, amount, payment, slip } = data;
  const place = placeOf(method, { drawer, payment });
  const rounding = BigInt(data.rounding.amount);
  return {
    id: `${id}/paid-out`,
    currency: amount.currency,
    memo: `Account paid out: ${WORDS[method]}${slip === null ? "" : `, slip ${slip}`}`,
    legs: [debit("1150", subject, amount.amount), debit("6210", subject, rounding), credit(place.account, place.subject, BigInt(amount.amount) + rounding)],
  };
}

export function forfeitJournalId(payment: string): string {
  return `${payment}/forfeited`;
}

/** The issuer pays a voucher's face value; what the check did not need is ours. */
export function voucherForfeited({ data }: Of<"payment.voucher.used">): Journal {
  const { payment, forfeited, issuer, code } = data;
  return { id: forfeitJournalId(payment), currency: forfeited.currency, memo: `Rest of voucher ${issuer} ${code}`, legs: [debit("1060", payment, forfeited.amount), credit("4090", payment, forfeited.amount)] };
}

/** The voucher is the guest's again, all of it. The event names its payment alone: what of it was `booked` as forfeited is in the books; undefined when nothing was. */
export function forfeitTakenBack({ data: { payment } }: Of<"payment.voucher.released">, booked: BookedJournal | undefined): readonly Journal[] {
  if (booked === undefined) return [];
  return [{ id: `${payment}/forfeited-reversal`, currency: booked.currency, memo: "Voucher taken back", legs: reversed(booked.legs), reverses: forfeitJournalId(payment) }];
}
