import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { Refusal } from "#shared/domain/command.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import { newId } from "../../clients/kit/ids.ts";
import type { Chance } from "./chance.ts";
import type { Device } from "./device.ts";
import type { MenuLine, Restaurant } from "./restaurant.ts";

/** Of every dish with a course of its own, here always the last: desserts, which may be held. */
const HELD_COURSE = 2;

type Line = MenuLine & { readonly item: string };
type Order = { readonly order: string; readonly party: string | null };
type Bill = { readonly check: string };

export type Waiter = {
  /** From the first item to the closed check; throws at a refusal that no guest could cause. */
  serveGuests(): Promise<void>;
};

/** A person at a tablet who taps as the screens allow; `pause` is the time between two taps. */
export function waiterAt(device: Device, restaurant: Restaurant, chance: Chance, pause: () => Promise<void>): Waiter {
  const { menu, tables, drawer, place } = restaurant;
  const currency = place.profile.currency;
  let guests = 0;

  async function tap<Type extends CommandType>(type: Type, input: CommandInput<Type>): Promise<CommandAnswer<CommandResult<Type>>> {
    await pause();
    return device.send(type, input);
  }

  /** The result, or undefined when it was refused for one of the named reasons. */
  async function ask<Type extends CommandType>(type: Type, input: CommandInput<Type>, mayRefuse: readonly string[], onRefusal: (refusal: Refusal) => void = () => {}): Promise<CommandResult<Type> | undefined> {
    const answer = await tap(type, input);
    if (answer.ok) return answer.result;
    if (!mayRefuse.includes(answer.refusal.refused)) throw new Error(`${device.name}: ${type} was refused: ${JSON.stringify(answer.refusal)}`);
    onRefusal(answer.refusal);
    return undefined;
  }

  async function must<Type extends CommandType>(type: Type, input: CommandInput<Type>): Promise<CommandResult<Type>> {
    return (await ask(type, input, [])) as CommandResult<Type>;
  }

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

  async function takeCash(check: string, amount: bigint | undefined, tendered: bigint): Promise<void> {
    const money = (minor: bigint) => ({ amount: String(minor), currency });
    await must("payment.takeCash", { payment: newId("payment"), check, drawer, tendered: money(tendered), ...(amount === undefined ? {} : { amount: money(amount) }) });
  }

  async function settle({ check }: Bill): Promise<void> {
    const presented = await ask("check.present", { check }, ["nothing-to-present"]);
    const due = BigInt(presented?.totals.due ?? "0");
    const part = due > 1n && chance.is(0.25) ? due / 2n : 0n;
    if (part > 0n) await takeCash(check, part, part + 100n);
    if (due > part) await takeCash(check, undefined, due - part + 500n);
    await must("check.close", { check });
    if (presented !== undefined && chance.is(0.4)) await must("check.printReceipt", { check });
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
        await settle(first.bill);
      }
      if (party !== null) await must("party.clear", { party });
    },
  };
}
