import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import { itemProgress } from "../order/delivery.ts";
import type { OrderItemState, OrderState } from "../order/state.ts";
import type { Kitchen } from "../ticket/route.ts";
import type { TicketState } from "../ticket/state.ts";
import { ordersOf, type PartyState, type Person, type TableState } from "./state.ts";

export type FloorStates = {
  readonly tables: readonly TableState[];
  readonly parties: readonly PartyState[];
  readonly orders: readonly OrderState[];
  readonly checks: readonly CheckState[];
  readonly tickets: readonly TicketState[];
  readonly kitchen?: Kitchen;
};

/** Where an order stands, for a table's tile and for the list of orders without a table. */
export type OrderView = {
  readonly order: string;
  readonly label: string;
  readonly server: Person;
  readonly openedAt: string;
  readonly promisedAt: string | null;
  readonly unsent: number;
  /** The latest course that was fired, and how much of it is ready. */
  readonly course: { readonly course: number; readonly firedAt: string | null; readonly ready: number; readonly of: number } | null;
  /** The next course that waits to be fired. */
  readonly held: number | null;
  readonly check: { readonly check: string; readonly status: CheckState["status"]; readonly total: string; readonly due: string; readonly currency: string } | null;
  readonly billPrinted: boolean;
  /** Something changed since the bill was printed. */
  readonly billOutdated: boolean;
};
export type PartyView = {
  readonly party: string;
  readonly server: Person;
  readonly covers: number;
  readonly seatedAt: string;
  readonly minutes: number;
  readonly order: OrderView | null;
  /** Paid, and still sitting there: the table is offered, never cleared by force (DOM-2). */
  readonly paidButSeated: boolean;
};
export type TableView = { readonly table: TableState; readonly free: boolean; readonly parties: readonly PartyView[] };

function minutesBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 60_000));
}

function currentCourse(order: OrderState, items: readonly OrderItemState[], tickets: readonly TicketState[], kitchen: Kitchen | undefined): OrderView["course"] {
  const fired = order.courses.filter((course) => course.status === "fired" && items.some((item) => item.course === course.course && item.status === "fired"));
  const latest = fired.reduce<(typeof fired)[number] | null>((last, course) => (last === null || (course.firedAt ?? "") >= (last.firedAt ?? "") ? course : last), null);
  if (!latest) return null;
  const own = items.filter((item) => item.course === latest.course && item.status === "fired");
  const ready = own.filter((item) => itemProgress(item, tickets, [], kitchen).progress === "ready");
  return { course: latest.course, firedAt: latest.firedAt, ready: ready.length, of: own.length };
}

/** The order's bills: its own and what was split from it, unless another party has taken it over. */
function billsOf(order: OrderState, checks: readonly CheckState[]): readonly CheckState[] {
  return checks.filter((check) => check.status !== "voided" && (check.id === order.defaultCheck || (check.order === order.id && check.party === order.party)));
}

const isSettled = ({ status }: CheckState) => status === "paid" || status === "closed";

/** Several parts are as far as the one that is furthest behind. */
function billStatus(checks: readonly CheckState[]): CheckState["status"] {
  if (checks.every(({ status }) => status === "closed")) return "closed";
  if (checks.every(isSettled)) return "paid";
  return checks.some(({ status }) => status === "presented") ? "presented" : "open";
}

function billView(order: OrderState, checks: readonly CheckState[]): OrderView["check"] {
  const [first] = checks;
  if (!first) return null;
  const totals = checks.map(checkTotals);
  const sum = (field: "total" | "due") => totals.reduce((all, each) => all + BigInt(each[field]), 0n).toString();
  return { check: order.defaultCheck, status: billStatus(checks), total: sum("total"), due: sum("due"), currency: first.currency };
}

export function orderView(order: OrderState, states: Pick<FloorStates, "checks" | "tickets" | "kitchen">): OrderView {
  const items = Object.values(order.items);
  const tickets = states.tickets.filter((ticket) => ticket.order === order.id);
  const bills = billsOf(order, states.checks);
  const owing = bills.filter((check) => !isSettled(check));
  const held = items.filter((item) => item.status === "held").map((item) => item.course);
  return {
    order: order.id,
    label: order.label,
    server: order.server,
    openedAt: order.openedAt,
    promisedAt: order.promisedAt,
    unsent: items.filter((item) => item.status === "entered").length,
    course: currentCourse(order, items, tickets, states.kitchen),
    held: held.length > 0 ? Math.min(...held) : null,
    check: billView(order, bills),
    billPrinted: (owing.length > 0 ? owing : bills).some(({ presented }) => presented > 0),
    billOutdated: owing.some(({ outdated }) => outdated),
  };
}

function partyView(party: PartyState, states: FloorStates, now: string): PartyView {
  const order = states.orders.find((o) => o.id === party.order);
  const orders = states.orders.filter(({ id }) => ordersOf(party).includes(id));
  const bills = orders.flatMap((one) => billsOf(one, states.checks));
  return {
    party: party.id,
    server: party.server,
    covers: party.covers,
    seatedAt: party.seatedAt,
    minutes: minutesBetween(party.seatedAt, now),
    order: order ? orderView(order, states) : null,
    paidButSeated: party.settled || (bills.length > 0 && bills.every(isSettled)),
  };
}

/** What every table shows (DOMAIN, screens 7), in the order of the plan. */
export function floorView(states: FloorStates, now: string): readonly TableView[] {
  return states.tables.map((table) => {
    const parties = table.parties
      .map((id) => states.parties.find((party) => party.id === id))
      .filter((party): party is PartyState => party !== undefined && !party.cleared)
      .map((party) => partyView(party, states, now));
    return { table, free: table.parties.length === 0, parties };
  });
}

/** Takeaway, delivery and tabs that are not done, the one promised first on top (DOM-3). */
export function ordersWithoutTable(states: Pick<FloorStates, "orders" | "checks" | "tickets" | "kitchen">): readonly OrderView[] {
  return states.orders
    .filter((order) => order.party === null && !order.completed)
    .sort((a, b) => (a.promisedAt ?? a.openedAt).localeCompare(b.promisedAt ?? b.openedAt))
    .map((order) => orderView(order, states));
}
