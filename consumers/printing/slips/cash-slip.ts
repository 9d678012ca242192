import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Slip } from "../escpos/slip.ts";
import { moneyAt } from "./money-text.ts";
import { localDateTime, type SlipPlace } from "./place.ts";

export const MOVEMENT_TYPES = ["cash.drawer.paidIn", "cash.drawer.paidOut", "cash.drawer.tipsPaid", "cash.drawer.dropped"] as const;
export type MovementEvent = Extract<EventEnvelope, { type: (typeof MOVEMENT_TYPES)[number] }>;

type Said = { readonly word: string; readonly amount: Money; readonly lines: readonly string[] };

function said(event: MovementEvent): Said {
  switch (event.type) {
    case "cash.drawer.paidIn":
      return { word: "PAID IN", amount: event.data.amount, lines: [event.data.reason] };
    case "cash.drawer.paidOut":
      return { word: "PAID OUT", amount: event.data.amount, lines: [event.data.reason] };
    case "cash.drawer.tipsPaid":
      return { word: "TIPS PAID", amount: event.data.amount, lines: [`to ${event.data.to.name}`] };
    case "cash.drawer.dropped":
      return { word: "DROP", amount: event.data.amount, lines: [event.data.reason, ...(event.data.bag === null ? [] : [`Bag ${event.data.bag}`])] };
  }
}

/** Opens the drawer, and is signed by whoever gave or took the money. */
export function cashSlip(event: MovementEvent, place: SlipPlace): Slip {
  const { word, amount, lines } = said(event);
  return {
    lines: [
      { kind: "drawer", pin: 2 },
      { kind: "text", text: word, size: "large", bold: true },
      { kind: "text", text: `${moneyAt(place)(amount)} ${amount.currency}`, size: "large" },
      ...lines.map((text) => ({ kind: "text", text }) as const),
      { kind: "text", text: `${localDateTime(event.occurredat, place.zone)}, ${event.data.by.name}` },
      { kind: "feed", lines: 3 },
      { kind: "rule" },
      { kind: "text", text: "Signature" },
      { kind: "feed", lines: 2 },
      { kind: "cut" },
    ],
  };
}
