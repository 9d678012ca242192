import type { TicketItemState, TicketState } from "#shared/domain/ticket/state.ts";
import { compare, shownItems } from "../tickets/station-tickets.ts";

/** One order at one station. `ready` of `total`: portions that are made, of those that are to be made (two lattes are two). */
export type PassStation = {
  readonly station: string;
  readonly name: string;
  readonly ready: number;
  readonly total: number;
  /** Something was added to what was there: its course had been fired before. */
  readonly added: boolean;
  /** The oldest firing of what is not made yet; null when nothing of it is waited for. */
  readonly waitingSince: string | null;
  readonly lines: readonly PassLine[];
};
export type PassLine = { readonly ticket: TicketState; readonly item: TicketItemState };

export type PassOrder = {
  readonly order: string;
  readonly label: string;
  /** The kitchen's numbers of it, the first first. */
  readonly numbers: readonly number[];
  readonly serviceType: TicketState["serviceType"];
  readonly promisedAt: string | null;
  readonly customer: string | null;
  readonly server: string;
  /** The oldest firing of what has not left the pass; null while all of it is held. */
  readonly firedAt: string | null;
  readonly createdAt: string;
  /** Fired, in the order of the courses' stations. */
  readonly stations: readonly PassStation[];
  /** Dimmed and not counted (screen rule 12). */
  readonly held: readonly PassStation[];
  readonly state: "waiting" | "ready" | "held";
  /** All fired tickets of it. */
  readonly tickets: readonly TicketState[];
};

/** A plate that nobody bumps from the pass has left by other hands. */
const READY_SHOWN_MS = 20 * 60_000;

/** A ticket that was taken and then recalled comes to the pass again. */
export function takenKey(ticket: TicketState): string {
  return `${ticket.id} ${ticket.recalled}`;
}

/** All orders of which something is being made or stands on the pass. `taken`: keys of tickets that left the pass. */
export function passOrders(tickets: readonly TicketState[], stations: readonly string[], taken: ReadonlySet<string>, now: number): readonly PassOrder[] {
  const byOrder = new Map<string, TicketState[]>();
  for (const ticket of tickets) {
    if (!isAtPass(ticket, taken, now)) continue;
    const own = byOrder.get(ticket.order);
    if (own) own.push(ticket);
    else byOrder.set(ticket.order, [ticket]);
  }
  return [...byOrder.values()].map((own) => orderOf(own, stations)).sort(oldestFirst);
}

function isAtPass(ticket: TicketState, taken: ReadonlySet<string>, now: number): boolean {
  if (shownItems(ticket).length === 0) return false;
  if (ticket.status !== "completed") return true;
  return !taken.has(takenKey(ticket)) && now - Date.parse(ticket.completedAt ?? "") < READY_SHOWN_MS;
}

function orderOf(tickets: readonly TicketState[], stations: readonly string[]): PassOrder {
  const inOrder = tickets.toSorted((a, b) => a.number - b.number || compare(a.id, b.id));
  const fired = inOrder.filter((ticket) => ticket.status !== "held");
  const held = inOrder.filter((ticket) => ticket.status === "held");
  // The latest says how the order is called now.
  const latest = inOrder.at(-1);
  if (!latest) throw new Error("an order at the pass without a ticket");
  const groups = byStation(fired, stations);
  const { order, label, serviceType, promisedAt, customer, server } = latest;
  return {
    order,
    label,
    serviceType,
    promisedAt,
    customer,
    server,
    numbers: [...new Set((fired.length > 0 ? fired : held).map((ticket) => ticket.number))],
    firedAt: earliest(fired.map((ticket) => ticket.firedAt ?? ticket.createdAt)),
    createdAt: earliest(inOrder.map((ticket) => ticket.createdAt)) ?? "",
    stations: groups,
    held: byStation(held, stations),
    state: fired.length === 0 ? "held" : groups.every((group) => group.ready === group.total) ? "ready" : "waiting",
    tickets: fired,
  };
}

function byStation(tickets: readonly TicketState[], stations: readonly string[]): readonly PassStation[] {
  const groups = new Map<string, { name: string; lines: PassLine[] }>();
  for (const ticket of tickets) {
    const group = groups.get(ticket.station) ?? { name: ticket.stationName, lines: [] };
    group.lines.push(...shownItems(ticket).map((item) => ({ ticket, item })));
    groups.set(ticket.station, group);
  }
  const rank = (station: string) => (stations.includes(station) ? stations.indexOf(station) : stations.length);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([station, { name, lines }]) => {
      const live = lines.filter(({ item }) => item.status !== "voided");
      const waiting = live.filter(({ item }) => item.status !== "ready");
      return {
        station,
        name,
        lines,
        total: portions(live),
        ready: portions(live) - portions(waiting),
        added: waiting.some(({ ticket }) => ticket.mark === "ADD"),
        waitingSince: earliest(waiting.flatMap(({ ticket }) => ticket.firedAt ?? [])),
      };
    });
}

/** What is sold by weight is one portion. */
function portions(lines: readonly PassLine[]): number {
  return lines.reduce((sum, { item }) => sum + (/^\d+$/.test(item.quantity) ? Number(item.quantity) : 1), 0);
}

function earliest(times: readonly string[]): string | null {
  return times.toSorted(compare)[0] ?? null;
}

/** What waits longest first; held ones at the end. */
function oldestFirst(a: PassOrder, b: PassOrder): number {
  if ((a.firedAt === null) !== (b.firedAt === null)) return a.firedAt === null ? 1 : -1;
  return compare(a.firedAt ?? a.createdAt, b.firedAt ?? b.createdAt) || compare(a.order, b.order);
}

/** Screen rule 12: ["Grill 1 of 3", "Bar 0 of 2"]; empty when nothing is waited for. */
export function waitingInWords(order: PassOrder): readonly string[] {
  return order.stations.filter(({ ready, total }) => ready < total).map(({ name, ready, total }) => `${name} ${ready} of ${total}`);
}
