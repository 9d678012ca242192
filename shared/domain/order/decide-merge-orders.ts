import type { z } from "zod";
import { mergeOrders, splitOrder, undoOrder } from "#shared/commands/order.ts";
import type { MovedItem, OrderHeader } from "#shared/events/sale-order.ts";
import { adopt, finish, onBench, openBeside, originOf, putShare, removeShare, type Bench } from "../check/bench.ts";
import { isLive } from "../check/family.ts";
import { benchOf, surgeryRefs } from "../check/surgery.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { isSettled, orderCheckRefs } from "./completion.ts";
import { headerOf } from "./decide-send.ts";
import { partyLabel } from "./open-order.ts";
import type { OrderItemState, OrderOperation, OrderState } from "./state.ts";

function openOrder(id: string, reader: Reader): OrderState | Refusal {
  const order = reader.get("order", id);
  if (!order) return refuse("unknown-order", { order: id });
  return order.completed ? refuse("order-completed", { order: id }) : order;
}

function moved(items: readonly OrderItemState[]): MovedItem[] {
  return items.map((item) => ({ ...item }));
}

/** The bill's lines name the order that their item is in; nothing of their money changes. */
function reorder(bench: Bench, items: ReadonlySet<string>, into: string): void {
  for (const check of [...bench.now.values()]) {
    if (isSettled(check)) continue;
    const shares = Object.fromEntries(Object.entries(check.shares).map(([id, share]) => [id, items.has(share.item) && share.order !== into ? { ...share, order: into } : share]));
    bench.now.set(check.id, { ...onBench(bench, check.id), shares });
  }
}

function checksWritten(bench: Bench, why: "order-merge" | "order-split", by: Person): readonly Change[] | Refusal {
  return finish(bench, (_, delta) => ({ type: "sale.check.updated", data: { ...delta, why, by } }));
}

/** A party's own order stays; the other goes into it. */
function direction(input: z.output<typeof mergeOrders>, reader: Reader): readonly [source: string, target: string] {
  const party = reader.get("order", input.source)?.party;
  return party && reader.get("party", party)?.order === input.source ? [input.target, input.source] : [input.source, input.target];
}

function decideMerge(input: z.output<typeof mergeOrders>, reader: Reader, context: Context): Decision<{ order: string }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (input.source === input.target) return refuse("same-order", { order: input.source });
  const [from, into] = direction(input, reader);
  const source = openOrder(from, reader);
  if ("refused" in source) return source;
  const target = openOrder(into, reader);
  if ("refused" in target) return target;
  if (source.party !== null && source.party !== target.party && !reader.get("party", source.party)?.cleared) return refuse("order-of-another-party", { party: source.party });
  const homes = [target.defaultCheck, source.defaultCheck].flatMap((id) => reader.get("check", id) ?? []);
  const bench = benchOf(homes, reader);
  const items = Object.values(source.items);
  reorder(bench, new Set(items.map(({ item }) => item)), target.id);
  const checks: string[] = [];
  for (const check of [...bench.now.values()]) {
    if (check.order !== source.id || !isLive(check)) continue;
    checks.push(check.id);
    bench.now.set(check.id, { ...onBench(bench, check.id), order: target.id });
  }
  const bills = checksWritten(bench, "order-merge", by);
  if ("refused" in bills) return bills;
  const data = { operation: input.operation, from: source.id, into: target.id, items: moved(items), courses: [...source.courses], header: headerOf(target), by, checks };
  return {
    changes: [change("order", source.id, [{ type: "sale.order.merged", data }]), change("order", target.id, [{ type: "sale.order.merged", data }]), ...bills],
    result: { order: target.id },
  };
}

/** DOM-10: the party divides. The items' parts that are not paid go to a check of the new order. */
function decideSplit(input: z.output<typeof splitOrder>, reader: Reader, context: Context): Decision<{ order: string; check: string }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const source = openOrder(input.order, reader);
  if ("refused" in source) return source;
  if (reader.get("order", input.newOrder)) return refuse("order-exists", { order: input.newOrder });
  if (reader.get("check", input.check)) return refuse("check-exists", { check: input.check });
  const party = input.to.kind === "party" ? reader.get("party", input.to.party) : null;
  if (party === undefined) return refuse("unknown-party", { party: input.to.kind === "party" ? input.to.party : null });
  if (party?.cleared) return refuse("party-cleared", { party: party.id });
  if (party && reader.get("order", party.order)) return refuse("party-has-order", { order: party.order });
  const wanted = new Set(input.items);
  for (const one of input.items) {
    const { combo } = source.items[one] ?? {};
    if (combo) for (const other of Object.values(source.items)) if (other.combo?.combo === combo.combo && other.status !== "voided") wanted.add(other.item);
  }
  const items: OrderItemState[] = [];
  for (const id of wanted) {
    const item = source.items[id];
    if (!item) return refuse("unknown-item", { item: id });
    if (item.status === "voided") return refuse("item-voided", { item: id });
    items.push(item);
  }
  const home = reader.get("check", source.defaultCheck);
  if (!home) throw new Error(`order ${source.id} without its check`);
  const bench = benchOf([home], reader);
  const header: OrderHeader = {
    ...headerOf(source),
    party: party?.id ?? null,
    label: (party ? partyLabel(party) : input.to.kind === "label" ? input.to.label : undefined) ?? source.label,
    server: party?.server ?? source.server,
  };
  openBeside(bench, home, input.check, { label: header.label, order: input.newOrder, party: header.party, server: header.server });
  reorder(bench, wanted, input.newOrder);
  for (const check of [...bench.now.values()]) {
    if (!isLive(check) || check.status === "paid" || check.id === input.check) continue;
    for (const share of Object.values(check.shares)) if (wanted.has(share.item)) putShare(bench, input.check, removeShare(bench, check.id, share.share), originOf(check, share));
  }
  const bills = checksWritten(bench, "order-split", by);
  if ("refused" in bills) return bills;
  const courses = source.courses.filter(({ course }) => items.some((item) => item.course === course));
  const data = { operation: input.operation, from: source.id, into: input.newOrder, items: moved(items), courses, header, by, undone: false };
  return {
    changes: [
      change("order", source.id, [{ type: "sale.order.split", data }]),
      change("order", input.newOrder, [{ type: "sale.order.created", data: { ...header, defaultCheck: input.check } }, { type: "sale.order.split", data }]),
      ...(party ? [change("party", party.id, [{ type: "allocation.usage.orderOpened", data: { order: input.newOrder } }])] : []),
      ...bills,
    ],
    result: { order: input.newOrder, check: input.check },
  };
}

function operationOf(order: OrderState | undefined, id: string): OrderOperation | undefined {
  return order?.operations?.find(({ operation }) => operation === id);
}

function cannot(why: string, fields: Readonly<Record<string, unknown>> = {}): Refusal {
  return refuse("cannot-undo", { ...fields, why });
}

/** What came with it goes back as it is now: sent meanwhile, served meanwhile; what was added since stays. */
function decideUndo(input: z.output<typeof undoOrder>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const order = reader.get("order", input.order);
  if (!order) return refuse("unknown-order", { order: input.order });
  const done = operationOf(order, input.operation);
  if (!done) return refuse("unknown-operation", { operation: input.operation });
  if (order.completed) return cannot("completed", { order: order.id });
  const other = reader.get("order", done.with);
  if (!other) return cannot("moved-on", { order: done.with });
  const [giver, taker] = done.kind === "merge" ? [order, other] : [other, order];
  if (done.kind === "merge" && other.mergedInto !== order.id) return cannot("moved-on", { order: other.id });
  if (giver.completed) return cannot("completed", { order: giver.id });
  const items = done.items.flatMap((id) => giver.items[id] ?? []);
  // A part that was voided since left its line within the merged order, and goes back with it.
  const parts = Object.values(giver.items).filter((item) => item.splitFrom !== null && done.items.includes(item.splitFrom) && !done.items.includes(item.item));
  const back = [...items, ...parts];
  if (done.kind === "split" && Object.values(giver.items).length > back.length) return cannot("moved-on", { order: giver.id });
  const homes = [taker.defaultCheck, giver.defaultCheck].flatMap((id) => reader.get("check", id) ?? []);
  const bench = benchOf(homes, reader);
  adopt(bench, [...bench.now.values()]);
  reorder(bench, new Set(back.map(({ item }) => item)), taker.id);
  if (done.kind === "split") {
    const from = reader.get("check", giver.defaultCheck);
    const to = reader.get("check", taker.defaultCheck);
    if (!from || !to || !isLive(from) || !isLive(to)) return cannot("closed", { check: from && isLive(from) ? (to?.id ?? null) : (from?.id ?? null) });
    if (from.tenders.length > 0) return cannot("paid", { check: from.id });
    for (const share of Object.values(onBench(bench, from.id).shares)) putShare(bench, to.id, removeShare(bench, from.id, share.share), originOf(from, share));
    bench.now.set(from.id, { ...onBench(bench, from.id), order: taker.id });
  }
  for (const id of done.kind === "merge" ? done.checks : []) {
    const check = bench.now.get(id);
    if (check && isLive(check)) bench.now.set(id, { ...onBench(bench, id), order: taker.id });
  }
  const bills = checksWritten(bench, done.kind === "merge" ? "order-merge" : "order-split", by);
  if ("refused" in bills) return bills.refused === "item-paid" ? cannot("paid", { check: bills["check"] }) : bills;
  const courses = giver.courses.filter(({ course }) => back.some((item) => item.course === course));
  const common = { operation: done.operation, items: moved(back), courses, by };
  if (done.kind === "merge") {
    const data = { ...common, from: taker.id, into: giver.id, header: headerOf(taker) };
    return { changes: [change("order", taker.id, [{ type: "sale.order.mergeRolledBack", data }]), change("order", giver.id, [{ type: "sale.order.mergeRolledBack", data }]), ...bills], result: {} };
  }
  const data = { ...common, from: taker.id, into: giver.id, header: headerOf(taker), undone: true };
  return { changes: [change("order", taker.id, [{ type: "sale.order.split", data }]), change("order", giver.id, [{ type: "sale.order.split", data }, { type: "sale.order.completed", data: {} }]), ...bills], result: {} };
}

function withChecks(ids: readonly string[], reader: Reader) {
  return ids.flatMap((id) => {
    const order = reader.get("order", id);
    return [ref("order", id), ...orderCheckRefs(order, reader), ...(order?.party ? [ref("party", order.party)] : [])];
  });
}

export const mergeOrdersCommand = command({
  type: "order.merge",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: mergeOrders,
  reads: (input, reader) => withChecks([input.source, input.target], reader),
  decide: decideMerge,
});

export const splitOrderCommand = command({
  type: "order.split",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: splitOrder,
  reads: (input, reader) => {
    const party = input.to.kind === "party" ? reader.get("party", input.to.party) : undefined;
    return [...withChecks([input.order], reader), ref("order", input.newOrder), ref("check", input.check), ...(input.to.kind === "party" ? [ref("party", input.to.party)] : []), ...(party ? [ref("order", party.order)] : [])];
  },
  decide: decideSplit,
});

export const undoOrderCommand = command({
  type: "order.undo",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: undoOrder,
  reads: (input, reader) => {
    const done = operationOf(reader.get("order", input.order), input.operation);
    return [...withChecks([input.order, ...(done ? [done.with] : [])], reader), ...surgeryRefs(done?.checks ?? [], reader)];
  },
  decide: decideUndo,
});
