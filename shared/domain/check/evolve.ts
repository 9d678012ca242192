import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Operation, Share, Tender } from "#shared/events/sale-check.ts";
import { ERASED, erasedLabel } from "../erased.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import { evolveCheckPayments } from "./evolve-payments.ts";
import { copyOfShares } from "./share-list.ts";
import { settleParts } from "./parts.ts";
import type { CheckState, SeriesState } from "./state.ts";
import { checkTotals } from "./totals.ts";

export type ShareChanges = { readonly added: readonly Share[]; readonly changed: readonly Share[]; readonly removed: readonly string[] };
type Updated = Extract<EventEnvelope, { type: "sale.check.updated" }>["data"];
/** What events on a check have in common: fields that are not there stay as they are. */
export type Delta = Omit<Updated, "why" | "operation" | "by" | "reason">;

/** So many surgeries can be undone, the latest first or in any order that still fits. */
const KEPT_OPERATIONS = 20;

function sharesAfter(before: CheckState["shares"], { added, changed, removed }: ShareChanges): CheckState["shares"] {
  if (added.length + changed.length + removed.length === 0) return before;
  const shares = copyOfShares(before, new Set(removed));
  for (const share of changed) shares[share.share] = share;
  for (const share of added) shares[share.share] = share;
  return shares;
}

export function withDelta(check: CheckState, delta: Delta): CheckState {
  const { added, changed, removed, allotted, family, members, adjustments, charge, parts, seats, header } = delta;
  const shares = sharesAfter(check.shares, { added, changed, removed });
  const { charge: _, ...uncharged } = check;
  const before = charge === "policy" ? uncharged : check;
  const paidOf = (part: string) => check.parts?.find((one) => one.part === part)?.paid ?? null;
  return {
    ...before,
    ...header,
    shares,
    ...(allotted === undefined ? {} : { allotted }),
    ...(family === undefined ? {} : { family }),
    ...(members === undefined ? {} : { members }),
    ...(adjustments === undefined ? {} : { adjustments }),
    ...(charge === undefined || charge === "policy" ? {} : { charge }),
    ...(parts === undefined ? {} : { parts: parts.map((part) => ({ ...part, paid: paidOf(part.part) })) }),
    ...(seats === undefined ? {} : { seats }),
  };
}

/** DOM-13: what is due again makes a paid check open. */
function dueAgain(check: CheckState): CheckState {
  return check.status === "paid" && BigInt(checkTotals(check).due) > 0n ? { ...check, status: "open" } : check;
}

/** DOM-13: a change of what it says makes a printed bill outdated. What only moves a remainder about, or names, does not. */
function saysOtherwise(delta: Delta): boolean {
  const { added, changed, removed, allotted, charge } = delta;
  return added.length > 0 || changed.length > 0 || removed.length > 0 || allotted !== undefined || charge !== undefined;
}

export function withShares(check: CheckState, changes: ShareChanges): CheckState {
  return updated(check, { added: [...changes.added], changed: [...changes.changed], removed: [...changes.removed] });
}

function updated(check: CheckState, delta: Delta): CheckState {
  const next = withDelta(check, delta);
  return dueAgain({ ...next, outdated: saysOtherwise(delta) ? next.presented > 0 : next.outdated });
}

function remembering(check: CheckState, operation: Operation | undefined): CheckState {
  if (!operation) return check;
  const { created } = operation;
  const beside = created.filter((id) => id !== check.id && check.beside?.includes(id) !== true);
  return { ...check, ...(beside.length === 0 ? {} : { beside: [...(check.beside ?? []), ...beside] }), operations: [...(check.operations ?? []).filter((one) => one.operation !== operation.operation), operation].slice(-KEPT_OPERATIONS) };
}

function forgetting(check: CheckState, operation: string): CheckState {
  return { ...check, operations: (check.operations ?? []).filter((one) => one.operation !== operation) };
}

function withoutGuest(check: CheckState): CheckState {
  const { receipt, parts, operations } = check;
  const named = <Part extends { readonly name: string }>(all: readonly Part[]) => all.map((part) => ({ ...part, name: ERASED }));
  return {
    ...check,
    label: erasedLabel(check.label),
    receipt: receipt && { ...receipt, label: erasedLabel(receipt.label), ...(receipt.parts === undefined ? {} : { parts: named(receipt.parts) }) },
    ...(parts === undefined ? {} : { parts: named(parts) }),
    ...(operations === undefined ? {} : { operations: operations.map((one) => ({ ...one, ...(one.header === undefined ? {} : { header: { ...one.header, label: erasedLabel(one.header.label) } }), ...(one.parts === undefined ? {} : { parts: named(one.parts) }) })) }),
  };
}

function without(tenders: readonly Tender[], gone: readonly Tender[]): readonly Tender[] {
  return tenders.filter(({ payment }) => !gone.some((one) => one.payment === payment));
}

function merged(check: CheckState, data: Extract<EventEnvelope, { type: "sale.check.merged" }>["data"]): CheckState {
  const { operation, from, into, tenders } = data;
  const next = remembering(updated(check, data), operation);
  if (check.id === from) return { ...next, status: "voided", mergedInto: into, tenders: without(next.tenders, tenders) };
  return dueAgain({ ...next, tenders: [...next.tenders, ...tenders] });
}

/** What was before comes back; what came since stays. */
function rolledBack(check: CheckState, data: Extract<EventEnvelope, { type: "sale.check.rolledBack" }>["data"]): CheckState {
  const { operation, from, into, tenders, reopened, emptied } = data;
  const next = forgetting(updated(check, data), operation);
  if (emptied) return { ...next, status: "voided" };
  if (reopened && check.id === from) return dueAgain({ ...next, status: next.presented > 0 ? "presented" : "open", mergedInto: null, tenders: [...next.tenders, ...tenders] });
  return check.id === into ? dueAgain({ ...next, tenders: without(next.tenders, tenders) }) : next;
}

export function evolveCheck(state: CheckState | undefined, event: EventEnvelope): CheckState {
  if (event.type === "sale.check.created") {
    const { origin: _, family, charge, ...created } = event.data;
    return {
      id: event.subject,
      ...created,
      ...(family === undefined ? {} : { family }),
      ...(charge === undefined ? {} : { charge }),
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
  if (paid !== undefined) return paid.tenders === check.tenders ? paid : settleParts(paid);
  switch (event.type) {
    case "sale.check.updated":
      return remembering(updated(check, event.data), event.data.operation);
    case "sale.check.merged":
      return merged(check, event.data);
    case "sale.check.rolledBack":
      return rolledBack(check, event.data);
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
    case "sale.check.guestErased":
      return withoutGuest(check);
    default:
      throw unexpectedEvent("check", event);
  }
}

export function evolveSeries(_: SeriesState | undefined, event: EventEnvelope): SeriesState {
  if (event.type !== "sale.series.advanced" && event.type !== "cash.series.advanced") throw unexpectedEvent("series", event);
  return { series: event.data.series, next: event.data.number + 1 };
}
