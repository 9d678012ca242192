import { checkTotals } from "#shared/domain/check/totals.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { TicketState } from "#shared/domain/ticket/state.ts";
import { ID_PREFIXES, prefixed, type IdKind } from "#shared/ids.ts";
import { monotonicFactory } from "ulidx";
import { seedId } from "../seed/ids.ts";
import type { SeedClient } from "../seed/client.ts";
import type { Place } from "../seed/place.ts";
import { waitFor } from "../services/server.ts";
import type { Hand } from "./hands.ts";
import type { Line, Made, Round, Station, Visit } from "./visits.ts";

export type Hands = { readonly mai: Hand; readonly luca: Hand; readonly ana: Hand; readonly cook: Hand };
type Act = { readonly ago: number; readonly run: () => Promise<void> };

/** Lines of one millisecond keep their order. */
const ulid = monotonicFactory();
const newId = (kind: IdKind) => prefixed(kind, ulid());

/** Plays the visits in the order in which they happened. */
export async function playEvening(place: Place, client: SeedClient, hands: Hands, visits: readonly Visit[]): Promise<void> {
  const id = (kind: IdKind, key: string) => seedId(kind, place.key, key);
  const money = (minor: number | bigint) => ({ amount: String(minor), currency: place.profile.currency });
  const drawer = newId("drawer");
  await hands.ana("drawer.open", { drawer, name: "Till 1", float: money(15000) }, 180);
  const acts = visits.flatMap((visit) => actsOf(visit)).sort((a, b) => b.ago - a.ago);
  for (const act of acts) await act.run();

  function actsOf(visit: Visit): Act[] {
    const { at, by, ago, rounds, fires, voids, bill, paid, left } = visit;
    const hand = hands[by];
    const [party, order] = [newId("party"), newId("order")];
    const items = rounds.map((round) => round.lines.map(() => newId("item")));
    let check = "";
    const acts: Act[] = [];
    const act = (minutesAgo: number, run: () => Promise<unknown>) => acts.push({ ago: minutesAgo, run: async () => void (await run()) });

    if (typeof at === "string") act(ago, () => hand("party.seat", { party, order, tables: [id("table", at)], covers: visit.covers ?? 2, whenOccupied: "refuse" }, ago));
    const whose =
      typeof at === "string"
        ? { party }
        : { opening: { serviceType: "takeaway" as const, label: `Pickup ${at.name}`, channel: "tablet" as const, customer: at.name, promisedAt: new Date(Date.now() + at.promisedIn * 60_000).toISOString() } };
    for (const [index, round] of rounds.entries()) {
      const own = items[index] ?? [];
      act(round.ago, async () => {
        ({ check } = await hand("order.addItems", { order, ...(index === 0 || "party" in whose ? whose : {}), items: round.lines.map((line, i) => itemOf(line, own[i] ?? "")) }, round.ago));
        if (round.unsent) return;
        await hand("order.send", { order, items: own, hold: [...(round.hold ?? [])] }, round.ago);
      });
      const begun = (round.hold && fires ? fires.ago : round.ago) - 0.5;
      if (!round.unsent) act(begun, () => make(order, own, round, begun));
    }
    if (fires) act(fires.ago, () => hand("order.fireCourse", { order, course: fires.course }, fires.ago));
    if (voids) act(voids.ago, () => hand("order.voidItem", { order, item: items[voids.round]?.[voids.line] ?? "", newItem: newId("item"), reason: voids.reason }, voids.ago));
    if (bill !== undefined) act(bill, () => hand("check.present", { check }, bill));
    if (paid) act(paid.ago - 0.1, () => pay(check, paid));
    if (left !== undefined) act(left, () => hand("party.clear", { party }, left));
    return acts;
  }

  function itemOf({ dish, variant, quantity, seat, course, choices, allergy, notes }: Line, item: string) {
    return {
      item,
      product: id("product", dish),
      variant: variant ?? null,
      quantity: String(quantity ?? 1),
      seat: seat ?? null,
      ...(course === undefined ? {} : { course }),
      modifiers: (choices ?? []).map(([group, option, prefix]) => ({ group, option, prefix: prefix ?? ("none" as const) })),
      allergy: [...(allergy ?? [])],
      notes: notes ?? null,
    };
  }

  async function pay(check: string, { ago, by, tip, receipt }: NonNullable<Visit["paid"]>): Promise<void> {
    const due = BigInt(checkTotals((await client.streams()).get(check) as CheckState).due);
    const common = { payment: newId("payment"), check, ...(tip === undefined ? {} : { tip: money(tip) }) };
    if (by === "card") await hands.ana("payment.takeCard", { ...common, slip: String(4700 + Math.round(ago)) }, ago);
    else await hands.ana("payment.takeCash", { ...common, drawer, tendered: money(((due + 999n) / 1000n) * 1000n) }, ago);
    await hands.ana("check.close", { check }, ago);
    if (receipt) await hands.ana("check.printReceipt", { check }, ago);
  }

  function stationsOf(lines: readonly Line[]): ReadonlySet<Station> {
    return new Set(lines.map(({ dish }) => place.routes[place.dishes.find(({ key }) => key === dish)?.category ?? ""] as Station));
  }

  /** The kitchen's tickets follow the send; they are waited for. */
  async function make(order: string, items: readonly string[], { made, lines }: Round, ago: number): Promise<void> {
    for (const station of stationsOf(lines)) {
      let own: readonly TicketState[] = [];
      await waitFor(`a ticket of ${station}`, 60_000, async () => {
        own = ticketsOf(await client.streams(), order).filter((ticket) => ticket.station === id("station", station) && ticket.status === "open" && items.some((item) => item in ticket.items));
        return own.length > 0;
      });
      for (const ticket of own) await advance(ticket, made?.[station], ago);
    }
  }

  async function advance(ticket: TicketState, state: Made | undefined, ago: number): Promise<void> {
    await hands.cook("ticket.show", { tickets: [ticket.id] }, ago);
    if (state === undefined) return;
    if (state === "bumped") return void (await hands.cook("ticket.bump", { ticket: ticket.id }, ago));
    for (const item of Object.values(ticket.items)) {
      if (item.allergy.length > 0) await hands.cook("ticket.acknowledgeItem", { ticket: ticket.id, item: item.item }, ago);
      await hands.cook(state === "ready" ? "ticket.bumpItem" : "ticket.startItem", { ticket: ticket.id, item: item.item }, ago);
    }
  }
}

function ticketsOf(streams: ReadonlyMap<string, unknown>, order: string): readonly TicketState[] {
  return [...streams].filter(([stream]) => stream.startsWith(`${ID_PREFIXES.ticket}_`)).map(([, state]) => state as TicketState).filter((ticket) => ticket.order === order);
}
