import type { EventEnvelope } from "#shared/events/catalog.ts";
import { POOL, type AccountCode } from "#shared/ledger/accounts.ts";
import { credit, debit, type Journal } from "./journal.ts";

type Of<T extends EventEnvelope["type"]> = Extract<EventEnvelope, { type: T }>;

/** Cash of guests is posted with its payment; here is all that moves cash beside it. */
export function drawerOpened({ id, subject, data }: Of<"cash.drawer.opened">): Journal {
  const { float } = data;
  return { id: `${id}/float`, currency: float.currency, memo: "Drawer opened with its float", legs: [debit("1010", subject, float.amount), credit("1020", subject, float.amount)] };
}

const PAID_IN: Readonly<Record<Of<"cash.drawer.paidIn">["data"]["from"], AccountCode>> = { safe: "1020", "returned-expense": "6900" };
const PAID_OUT: Readonly<Record<Of<"cash.drawer.paidOut">["data"]["for"], AccountCode>> = { expense: "6900", supplier: "2010", "returned-to-safe": "1020" };

export function paidIn({ id, subject, data }: Of<"cash.drawer.paidIn">): Journal {
  const { amount, from, reason } = data;
  return { id: `${id}/pay-in`, currency: amount.currency, memo: `Paid in: ${reason}`, legs: [debit("1010", subject, amount.amount), credit(PAID_IN[from], subject, amount.amount)] };
}

export function paidOut({ id, subject, data }: Of<"cash.drawer.paidOut">): Journal {
  const { amount, reason } = data;
  return { id: `${id}/pay-out`, currency: amount.currency, memo: `Paid out: ${reason}`, legs: [debit(PAID_OUT[data.for], subject, amount.amount), credit("1010", subject, amount.amount)] };
}

export function tipsPaid({ id, subject, data }: Of<"cash.drawer.tipsPaid">): Journal {
  const { amount, to, pool } = data;
  return { id: `${id}/tips`, currency: amount.currency, memo: `Tips paid to ${to.name}${pool === true ? " out of the pool" : ""}`, legs: [debit("2200", pool === true ? POOL : to.staff, amount.amount), credit("1010", subject, amount.amount)] };
}

export function dropped({ id, subject, data }: Of<"cash.drawer.dropped">): Journal {
  const { amount, reason, bag } = data;
  return { id: `${id}/drop`, currency: amount.currency, memo: `Dropped: ${reason}${bag === null ? "" : `, bag ${bag}`}`, legs: [debit("1020", subject, amount.amount), credit("1010", subject, amount.amount)] };
}

/** Over or short first, so that what is carried to the safe is what was counted. */
export function drawerClosed({ id, subject, data }: Of<"cash.drawer.closed">): readonly Journal[] {
  const { currency } = data.counted;
  const difference = BigInt(data.difference.amount);
  return [
    { id: `${id}/difference`, currency, memo: difference < 0n ? "Drawer short" : "Drawer over", legs: [debit("1010", subject, difference), credit("6200", subject, difference)] },
    { id: `${id}/drop`, currency, memo: "Drawer's content to the safe", legs: [debit("1020", subject, data.counted.amount), credit("1010", subject, data.counted.amount)] },
  ];
}
