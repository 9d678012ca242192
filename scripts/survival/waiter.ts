import { newId } from "../../clients/kit/ids.ts";
import type { Chance } from "./chance.ts";
import type { Device } from "./device.ts";
import { payingAt } from "./paying.ts";
import type { MenuLine, Restaurant } from "./restaurant.ts";
import { tapsOf } from "./taps.ts";

/** Of every dish with a course of its own, here always the last: desserts, which may be held. */
const HELD_COURSE = 2;
/** Of so many visits, in one somebody loads the page anew while the guests eat. */
const PAGE_EVERY = 3;

type Line = MenuLine & { readonly item: string };
type Order = { readonly order: string; readonly party: string | null };
type Bill = { readonly check: string };

export type Waiter = {
  /** From the first item to the closed check; throws at a refusal that no guest could cause. */
  serveGuests(): Promise<void>;
};

/** A person at a tablet who taps as the screens allow; `pause` is the time between two taps. */
export function waiterAt(device: Device, restaurant: Restaurant, chance: Chance, pause: () => Promise<void>): Waiter {
  const { menu, tables } = restaurant;
  const { ask, must } = tapsOf(device, pause);
  const { settle } = payingAt(device, restaurant, chance, pause);
  let guests = 0;
  let visits = 0;

  function lines(count: number): readonly Line[] {
    return Array.from({ length: count }, () => ({ ...chance.pick(menu), item: newId("item"), quantity: chance.is(0.2) ? "2" : "1" }));
  }

  /** Enters what is not sold out; undefined when nothing of it was left. */
  async function enter({ order, party }: Order, wanted: readonly Line[], isFirst: boolean): Promise<{ readonly bill: Bill; readonly entered: readonly Line[] } | undefined> {
    const opening = { serviceType: "takeaway" as const, label: `Pickup ${++guests}`, channel: "tablet" as const, customer: null, promisedAt: null };
    const about = { order, ...(party !== null ? { party } : isFirst ? { opening } : {}) };
    for (let left = wanted; left.length > 0; ) {
      let soldOut: unknown;
      const bill = await ask("order.addItems", { ...about, items: [...left] }, ["sold-out"], ({ product }) => (soldOut = product));
      if (bill !== undefined) return { bill, entered: left };
      left = left.filter(({ product }) => product !== soldOut);
    }
    return undefined;
  }

  /** DOM-19: what has run out meanwhile is taken off the order, the rest is sent. */
  async function sendOff({ order }: Order, entered: readonly Line[], hold: readonly number[]): Promise<readonly string[]> {
    let sendable = entered.map(({ item }) => item);
    const short: string[] = [];
    while (sendable.length > 0) {
      const before = sendable;
      const sent = await ask("order.send", { order, items: [...sendable], hold: [...hold] }, ["insufficient-stock"], (refusal) => {
        sendable = refusal["sendable"] as string[];
        short.push(...before.filter((item) => !sendable.includes(item)));
      });
      if (sent !== undefined) break;
    }
    for (const item of short) await must("order.removeItem", { order, item });
    return sendable;
  }

  return {
    async serveGuests() {
      const visit: Order = { order: newId("order"), party: chance.is(0.4) ? newId("party") : null };
      const { order, party } = visit;
      if (party !== null) await must("party.seat", { party, order, tables: [chance.pick(tables)], covers: chance.from(1, 4), whenOccupied: "share" });
      const first = await enter(visit, lines(chance.from(2, 4)), true);
      if (first !== undefined) {
        const more = chance.is(0.3) ? await enter(visit, lines(1), false) : undefined;
        const sent = [...(await sendOff(visit, [...first.entered, ...(more?.entered ?? [])], chance.is(0.5) ? [HELD_COURSE] : []))];
        const added = chance.is(0.4) ? await enter(visit, lines(1), false) : undefined;
        if (added !== undefined) sent.push(...(await sendOff(visit, added.entered, [])));
        await ask("order.fireCourse", { order, course: HELD_COURSE }, ["nothing-held"]);
        const [unwanted] = sent;
        if (unwanted !== undefined && sent.length > 1 && chance.is(0.3)) await ask("order.voidItem", { order, item: unwanted, newItem: newId("item"), reason: "Sent back" }, ["approval-required"]);
        if (visits++ % PAGE_EVERY === 0) await device.loadPage();
        await settle(first.bill.check);
      }
      if (party !== null) await must("party.clear", { party });
    },
  };
}
