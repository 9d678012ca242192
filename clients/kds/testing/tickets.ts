import type { TicketItemState, TicketState } from "#shared/domain/ticket/state.ts";

export const MINUTE = 60_000;
export const NOON = Date.parse("2026-11-20T12:00:00.000Z");

export function time(minutes: number): string {
  return new Date(NOON + minutes * MINUTE).toISOString();
}

export function item(name: string, change: Partial<TicketItemState> = {}): TicketItemState {
  return {
    item: `itm_${name}`,
    name,
    variant: null,
    quantity: "1",
    seat: null,
    modifiers: [],
    notes: null,
    allergy: [],
    status: "pending",
    startedAt: null,
    readyAt: null,
    voided: null,
    allergyAcknowledged: false,
    ...change,
  };
}

type Given = Partial<Omit<TicketState, "items">> & { readonly items?: readonly TicketItemState[] };

/** An open ticket of the grill, fired at noon. */
export function ticket(number: number, { items = [item("Burger")], ...change }: Given = {}): TicketState {
  return {
    id: `tkt_${String(number).padStart(3, "0")}`,
    number,
    stationNumber: number,
    station: "grill",
    stationName: "Grill",
    order: `ord_${number}`,
    label: `T${number}`,
    serviceType: "dine_in",
    promisedAt: null,
    customer: null,
    server: "Mai",
    course: 1,
    mark: "NEW",
    status: "open",
    createdAt: time(0),
    firedAt: time(0),
    shownAt: null,
    completedAt: null,
    recalled: 0,
    items: Object.fromEntries(items.map((each) => [each.item, each])),
    ...change,
  };
}

export function voided(seen = false): Pick<TicketItemState, "status" | "voided"> {
  return { status: "voided", voided: { quantity: "1", reason: "guest left", by: "Mai", acknowledged: seen } };
}
