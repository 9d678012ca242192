import { isDeepStrictEqual } from "node:util";
import type { CommandInput, CommandType } from "#shared/domain/registry.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { CheckTotals } from "#shared/events/sale-check.ts";
import type { Device, Sent } from "../device.ts";
import { nearest, sum } from "./arithmetic.ts";
import { grouped, plain, type Finding, type History } from "./history.ts";
import { fromMenu, menuAt, type Tapped } from "./menu.ts";

type Sender = { readonly sent: readonly Pick<Sent, "commandId" | "type" | "input" | "answer">[] };
type Of<Type extends EventType> = Extract<EventEnvelope, { type: Type }>;
type Held<Type extends CommandType> = (input: CommandInput<Type>, own: Own, log: Log) => Finding[];
/** What a command wrote. */
type Own = <Type extends EventType>(type: Type) => readonly Of<Type>[];
type Log = { readonly history: History; readonly orders: ReadonlyMap<string, Of<"sale.order.created">>; readonly bills: ReadonlyMap<string, CheckTotals> };

/** LOG-3: what somebody tapped and was told to be done stands in the log as it was tapped: what, how many, at which price, how much money, which way. */
export function checkTold(history: History, devices: readonly (Sender | Device)[]): Finding[] {
  const written = grouped(history.all.map(({ event }) => event), ({ commandid }) => commandid);
  const orders = new Map(history.of("sale.order.created").map((event) => [event.subject, event]));
  const bills = new Map(history.of("sale.check.closed").map(({ subject, data }) => [subject, data.totals]));
  return devices.flatMap(({ sent }) =>
    sent.flatMap(({ commandId, type, input, answer }) => {
      const held = HELD[type as keyof typeof HELD] as Held<CommandType> | undefined;
      if (answer?.ok !== true || answer.at === null || held === undefined) return [];
      const own = <Type extends EventType>(wanted: Type) => (written.get(commandId) ?? []).filter((event): event is Of<Type> => event.type === wanted);
      return held(input as never, own, { history, orders, bills }).map((wrong) => `${type} ${commandId}: ${wrong}`);
    }),
  );
}

function differences(what: string, is: object | undefined, should: object): Finding[] {
  if (is === undefined) return [`${what} is not there`];
  return Object.entries(plain(should)).flatMap(([field, ought]) => {
    const found = plain(is as Readonly<Record<string, unknown>>)[field];
    return isDeepStrictEqual(found, ought) ? [] : [`${field} of ${what} is ${JSON.stringify(found)}, not ${JSON.stringify(ought)}`];
  });
}

/** Exactly these, in whatever order. */
function same(what: string, is: readonly string[], should: readonly string[]): Finding[] {
  return isDeepStrictEqual(is.toSorted(), should.toSorted()) ? [] : [`${what} are ${is.join(" ") || "none"}, not ${should.join(" ")}`];
}

const HELD: { readonly [Type in CommandType]?: Held<Type> } = {
  "order.addItems"({ order, items }, own, { history, orders }) {
    const [added] = own("sale.order.itemsAdded");
    const opened = orders.get(order);
    const place = history.states.get(added?.merchantid ?? "")?.state as MerchantState | undefined;
    if (added === undefined || opened === undefined || place === undefined) return ["there is no such order"];
    const menu = menuAt(history, added);
    const entered = new Map(added.data.items.map((item) => [item.item, item]));
    return (items as readonly Tapped[]).flatMap((tapped) => {
      // A combo is entered as its parts.
      if (tapped.parts.length > 0) return [];
      const clock = [added.time, added.occurredat].map((at) => fromMenu(tapped, menu, opened.data.serviceType, at, place.zone));
      const [first = { product: "that is on the menu" }, other = first] = clock;
      const wrong = differences(`item ${tapped.item}`, entered.get(tapped.item), first);
      // At the very minute in which a happy hour begins or ends.
      return wrong.length > 0 && differences("", entered.get(tapped.item), other).length === 0 ? [] : wrong;
    });
  },
  "order.send"({ order, items, hold = [] }, own, { history }) {
    return own("sale.order.sent").flatMap(({ streamversion, data }) =>
      data.items.flatMap(({ item, course, fired, mark }) => {
        const before = courseBefore(history, order, course, streamversion);
        const isFired = before.fired || (before.held.length === 0 && !hold.includes(course));
        return [
          ...(items.includes(item) ? [] : [`item ${item} was sent, and nobody asked for it`]),
          ...(fired === isFired ? [] : [`item ${item} was ${fired ? "fired, and was to be held" : "held, and was to be fired"}`]),
          ...(mark === (before.fired ? "ADD" : "NEW") ? [] : [`item ${item} was marked ${mark}`]),
        ];
      }),
    );
  },
  "order.fireCourse"({ order, course }, own, { history }) {
    const fired = own("sale.order.courseFired");
    return same("items that it fired", fired.flatMap(({ data }) => data.items.map(({ item }) => item)), courseBefore(history, order, course, fired[0]?.streamversion ?? 0).held);
  },
  "order.voidItem"({ item, quantity, reason, newItem }, own, { history }) {
    const [voided] = own("sale.order.itemVoided");
    const entered = history.of("sale.order.itemsAdded").flatMap(({ data }) => data.items).find((one) => one.item === item);
    return differences("what was voided", voided && { ...voided.data, quantity: voided.data.voided.quantity, as: voided.data.voided.item }, { item, reason, quantity: quantity ?? entered?.quantity, as: quantity === undefined ? item : newItem, ...(quantity === undefined ? { remaining: null } : {}) });
  },
  "check.adjust"({ check, adjustment, kind, rate, amount, reason }, own) {
    const given = own("sale.check.updated").find(({ subject }) => subject === check)?.data.adjustments?.find((one) => one.adjustment === adjustment);
    return differences(`adjustment ${adjustment}`, given, { kind, rate: rate ?? null, amount: amount ?? null, reason });
  },
  "check.removeAdjustment"({ check, adjustment }, own) {
    const left = own("sale.check.updated").find(({ subject }) => subject === check)?.data.adjustments;
    return left === undefined || left.some((one) => one.adjustment === adjustment) ? [`adjustment ${adjustment} is still there`] : [];
  },
  "payment.takeCash"({ payment, check, drawer, amount, tendered, tip, part }, own, { history }) {
    const [taken] = own("payment.transaction.created");
    if (taken === undefined) return ["no payment was taken"];
    const { tender } = taken.data;
    const kept = sum([tender.amount.amount, tender.tip.amount, tender.roundingDifference.amount]);
    const [inDrawer] = own("cash.drawer.cashTaken");
    return [
      ...differences(`payment ${taken.subject}`, { ...taken.data, ...tender, id: taken.subject }, { id: payment, check, drawer, method: "cash", tendered, tip: tip ?? { amount: "0", currency: tendered.currency }, ...(amount === undefined ? {} : { amount }), ...(part === undefined ? {} : { part }) }),
      ...differences("its change", tender.change ?? undefined, { amount: String(BigInt(tendered.amount) - kept), currency: tendered.currency }),
      ...differences("what came into the drawer", inDrawer && { drawer: inDrawer.subject, ...inDrawer.data }, { drawer, payment, amount: { amount: String(kept), currency: tendered.currency } }),
      ...wrongCoins(tender.amount.amount, tender.roundingDifference.amount, menuAt(history, taken).policies?.cashStep ?? 1),
    ];
  },
  "payment.startAttempt"({ payment, check, provider, tip, part }, own) {
    const [started] = own("payment.transaction.created");
    return differences(`payment ${payment}`, started && { ...started.data, ...started.data.tender, id: started.subject }, { id: payment, check, provider, ...(tip === undefined ? {} : { tip }), ...(part === undefined ? {} : { part }) });
  },
  "payment.refund"({ refund, check, what, reason }, own, { history, bills }) {
    const [created] = own("payment.refund.created");
    if (created === undefined) return ["nothing was given back"];
    const { net, serviceCharge, tax, rounding, cards = [], total, tip, overpaid, prepaid, payouts } = created.data;
    const left = sum([bills.get(check)?.total, ...history.of("payment.refund.created").flatMap(({ data, subject, position }) => (data.check === check && subject !== refund && BigInt(position) < BigInt(created.position) ? [-BigInt(data.total)] : []))]);
    const asked = what.kind === "amount" ? BigInt(what.amount.amount) : what.kind === "all" ? left : BigInt(total);
    const parts = sum([net, serviceCharge, tax, rounding, ...cards.map(({ amount }) => amount.amount)]);
    const out = sum(payouts.flatMap(({ amount, tip: more }) => [amount.amount, more.amount]));
    return [
      ...differences(`refund ${created.subject}`, { ...created.data, id: created.subject }, { id: refund, check, kind: what.kind, reason, total: String(asked) }),
      ...(parts === BigInt(total) ? [] : [`it is ${total}, its parts make ${parts}`]),
      ...(out === sum([total, tip, overpaid, prepaid]) ? [] : [`it is ${sum([total, tip, overpaid, prepaid])}, and ${out} goes back`]),
    ];
  },
};

/** ORD-15: whether a course of an order was fired before this version of it, by itself or with what was sent of it, and which of its items waited. */
function courseBefore({ of }: Pick<History, "of">, order: string, course: number, version: number): { readonly fired: boolean; readonly held: readonly string[] } {
  const isBefore = (event: EventEnvelope) => event.subject === order && event.streamversion < version;
  const sent = of("sale.order.sent").filter(isBefore).flatMap(({ data }) => data.items.filter((item) => item.course === course));
  const together = of("sale.order.courseFired").filter((event) => isBefore(event) && event.data.course === course);
  const gone = of("sale.order.itemVoided").filter((event) => isBefore(event) && event.data.remaining === null).map(({ data }) => data.item);
  const over = new Set([...gone, ...together.flatMap(({ data }) => data.items.map(({ item }) => item))]);
  return { fired: together.length > 0 || sent.some(({ fired }) => fired), held: sent.filter(({ item, fired }) => !fired && !over.has(item)).map(({ item }) => item) };
}

/** Only what clears a bill is rounded, to coins that exist. */
function wrongCoins(amount: string, rounding: string, step: number): Finding[] {
  const coins = nearest(BigInt(amount), BigInt(step)) * BigInt(step);
  return rounding === "0" || BigInt(amount) + BigInt(rounding) === coins ? [] : [`${amount} was rounded by ${rounding}, and is ${coins} in coins`];
}
