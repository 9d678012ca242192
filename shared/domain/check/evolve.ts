import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import { evolveCheckPayments } from "./evolve-payments.ts";
import type { CheckState, SeriesState } from "./state.ts";
import { checkTotals } from "./totals.ts";

export type ShareChanges = { readonly added: readonly Share[]; readonly changed: readonly Share[]; readonly removed: readonly string[] };

/** DOM-13: a change makes a printed bill outdated; what is added to a paid check is due again. */
export function withShares(check: CheckState, { added, changed, removed }: ShareChanges): CheckState {
  const shares: Record<string, Share> = { ...check.shares };
  for (const share of removed) delete shares[share];
  for (const share of changed) shares[share.share] = share;
  for (const share of added) shares[share.share] = share;
  const next: CheckState = { ...check, shares, outdated: check.presented > 0 };
  return next.status === "paid" && BigInt(checkTotals(next).due) > 0n ? { ...next, status: "open" } : next;
}

export function evolveCheck(state: CheckState | undefined, event: EventEnvelope): CheckState {
  if (event.type === "sale.check.created") {
    const { origin: _, ...created } = event.data;
    return {
      id: event.subject,
      ...created,
      openedAt: event.occurredat,
      status: "open",
      presented: 0,
      outdated: false,
      tenders: [],
      number: null,
      receipt: null,
      copies: 0,
      shares: {},
    };
  }
  const check = existing("check", state, event);
  const paid = evolveCheckPayments(check, event);
  if (paid !== undefined) return paid;
  switch (event.type) {
    case "sale.check.updated":
      return withShares(check, event.data);
    case "sale.check.presented":
      return { ...check, status: check.status === "open" ? "presented" : check.status, presented: event.data.number, outdated: false };
    case "sale.check.paid":
      return { ...check, status: "paid" };
    case "sale.check.closed":
      return { ...check, status: "closed", number: event.data.number, receipt: event.data.receipt };
    case "sale.check.receiptRequested":
      return { ...check, copies: check.copies + 1 };
    case "sale.check.voided":
      return { ...check, status: "voided" };
    default:
      throw unexpectedEvent("check", event);
  }
}

export function evolveSeries(_: SeriesState | undefined, event: EventEnvelope): SeriesState {
  if (event.type !== "sale.series.advanced" && event.type !== "cash.series.advanced") throw unexpectedEvent("series", event);
  return { series: event.data.series, next: event.data.number + 1 };
}
