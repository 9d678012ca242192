import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import type { AccountCode } from "#shared/ledger/accounts.ts";

/** One side of a journal, in minor units: debit positive, credit negative. */
export type Leg = { readonly account: AccountCode; readonly subject: string; readonly amount: bigint };
export type Journal = { readonly part: string; readonly currency: string; readonly memo: string; readonly legs: readonly Leg[] };

export const POSTED_TYPES = ["sale.check.closed", "payment.attempt.success", "cash.drawer.opened", "cash.drawer.closed"] as const;

/** What an event posts (facts: "Chart of accounts"). Legs of zero are left out; a journal without legs is not made. */
export function journalsOf(event: EventEnvelope): readonly Journal[] {
  switch (event.type) {
    case "sale.check.closed":
      return [saleJournal(event), settlementJournal(event)].flatMap(withLegs);
    case "payment.attempt.success":
      return withLegs(tenderJournal(event.data.check, event.data.drawer, event.data.tender));
    case "cash.drawer.opened":
      return withLegs({
        part: "float",
        currency: event.data.float.currency,
        memo: "Drawer opened with its float",
        legs: [debit("1010", event.subject, event.data.float.amount), credit("1020", event.subject, event.data.float.amount)],
      });
    case "cash.drawer.closed":
      return drawerClosed(event.subject, event.data).flatMap(withLegs);
    default:
      return [];
  }
}

/** DOM-15: the sale is posted at close. */
function saleJournal(event: Extract<EventEnvelope, { type: "sale.check.closed" }>): Journal {
  const { totals, number } = event.data;
  return {
    part: "sale",
    currency: totals.currency,
    memo: `Check ${number} closed`,
    legs: [
      debit("1100", event.subject, totals.total),
      credit("4000", event.subject, totals.net),
      credit("4050", event.subject, totals.serviceCharge),
      credit("2100", event.subject, totals.tax),
    ],
  };
}

/** What was paid while the check was open waits in prepayments until here. */
function settlementJournal(event: Extract<EventEnvelope, { type: "sale.check.closed" }>): Journal {
  const { totals, number } = event.data;
  return {
    part: "prepaid",
    currency: totals.currency,
    memo: `Prepayments of check ${number}`,
    legs: [debit("2020", event.subject, totals.paid), credit("1100", event.subject, totals.paid)],
  };
}

/** Cash is posted net of change; tendered and change are attributes. Every tender comes before its check closes. */
function tenderJournal(check: string, drawer: string | null, tender: Tender): Journal {
  const amount = BigInt(tender.amount.amount);
  const tip = BigInt(tender.tip.amount);
  const rounding = BigInt(tender.roundingDifference.amount);
  const place: Leg =
    tender.method === "cash"
      ? { account: "1010", subject: drawer ?? check, amount: amount + rounding + tip }
      : { account: "1050", subject: check, amount: amount + tip };
  return {
    part: "tender",
    currency: tender.amount.currency,
    memo: tender.method === "cash" ? "Cash taken" : `Card slip ${tender.slip ?? ""}`.trim(),
    legs: [
      place,
      { account: "2020", subject: check, amount: -amount },
      { account: "2200", subject: check, amount: -tip },
      { account: "6210", subject: check, amount: -(tender.method === "cash" ? rounding : 0n) },
    ],
  };
}

/** Over or short first, so that what is carried to the safe is what was counted. */
function drawerClosed(drawer: string, data: Extract<EventEnvelope, { type: "cash.drawer.closed" }>["data"]): Journal[] {
  const currency = data.counted.currency;
  const difference = BigInt(data.difference.amount);
  const counted = BigInt(data.counted.amount);
  return [
    {
      part: "difference",
      currency,
      memo: difference < 0n ? "Drawer short" : "Drawer over",
      legs: [
        { account: "1010", subject: drawer, amount: difference },
        { account: "6200", subject: drawer, amount: -difference },
      ],
    },
    {
      part: "drop",
      currency,
      memo: "Drawer's content to the safe",
      legs: [
        { account: "1020", subject: drawer, amount: counted },
        { account: "1010", subject: drawer, amount: -counted },
      ],
    },
  ];
}

function debit(account: AccountCode, subject: string, minor: string): Leg {
  return { account, subject, amount: BigInt(minor) };
}

function credit(account: AccountCode, subject: string, minor: string): Leg {
  return { account, subject, amount: -BigInt(minor) };
}

function withLegs(journal: Journal): Journal[] {
  const legs = journal.legs.filter((leg) => leg.amount !== 0n);
  return legs.length === 0 ? [] : [{ ...journal, legs }];
}
