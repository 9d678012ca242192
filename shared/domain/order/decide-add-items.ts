import type { z } from "zod";
import { addItems } from "#shared/commands/order.ts";
import type { OrderHeader, OrderItem } from "#shared/events/sale-order.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { familyRefs, isLive, membersOf } from "../check/family.ts";
import { seatOf } from "../check/lines.ts";
import { changeShares } from "../check/settle.ts";
import { newShareId } from "../check/share-list.ts";
import type { CheckState } from "../check/state.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { headerOf } from "./decide-send.ts";
import { menuOf, menuRefs } from "./menu.ts";
import { nextOrder, openCheck, openOrder, targetOrder } from "./open-order.ts";
import { isTaken, priceLines, productsOf } from "./price-lines.ts";
import { wholeShare, withCheckRates } from "./shares.ts";
import type { OrderState } from "./state.ts";

type Input = z.output<typeof addItems>;
type Added = { readonly order: string; readonly check: string };

/** Most that one event holds: the parts of a combo are items too. */
const MOST_ITEMS = 100;

function priceAll(input: Input, order: OrderState | undefined, serviceType: OrderItem["serviceType"], reader: Reader, context: Context, by: Person): readonly OrderItem[] | Refusal {
  const menu = menuOf(reader, context);
  if (!menu) return refuse("merchant-not-ready");
  const here = Object.values(order?.items ?? {});
  const items: OrderItem[] = [];
  for (const wanted of input.items) {
    const taken = [wanted.item, ...wanted.parts.map((part) => part.item)].find((id, i, all) => isTaken(id, [...here, ...items]) || all.indexOf(id) !== i);
    if (taken !== undefined) return refuse("item-exists", { item: taken });
    const lines = priceLines(wanted, menu, { serviceType, by, before: null });
    if ("refused" in lines) return lines;
    items.push(...lines);
  }
  if (items.length > MOST_ITEMS) return refuse("too-many-items", { most: MOST_ITEMS });
  return items;
}

function decide(input: Input, reader: Reader, context: Context): Decision<Added> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const id = targetOrder(input, reader);
  const order = reader.get("order", id);
  if (!order) return begin(id, input, reader, context, by);
  if (!order.completed) return addTo(order, input, reader, context, by);
  return input.party ? begin(nextOrder(input, order, reader, context), input, reader, context, by) : refuse("order-completed", { order: order.id });
}

/** DOM-10: new items go to their seat's open check, else the order's own, else another open one of the family. What is paid is made due again only when nothing is open for them. */
function placeFor(home: CheckState, members: readonly CheckState[], seat: number | null): CheckState | undefined {
  const open = members.filter(isLive);
  const unpaid = open.filter(({ status }) => status !== "paid");
  const claims = (check: CheckState) => seat !== null && check.seats?.includes(seat) === true;
  const ofSeat = unpaid.find(claims) ?? unpaid.find((check) => seat !== null && seatOf(check) === seat);
  const everybodys = unpaid.find((check) => check.id === home.id && (check.seats ?? []).length === 0);
  return ofSeat ?? everybodys ?? open.find(claims) ?? open.find((check) => check.id === home.id) ?? open.find((check) => check.order === home.order) ?? open[0];
}

function addTo(order: OrderState, input: Input, reader: Reader, context: Context, by: Person): Decision<Added> {
  const home = reader.get("check", order.defaultCheck);
  if (!home) throw new Error(`order ${order.id} without its check ${order.defaultCheck}`);
  const items = priceAll(input, order, order.serviceType, reader, context, by);
  if ("refused" in items) return items;
  const members = membersOf(home, reader);
  const changes = new Map<string, { added: Share[]; changed: Share[]; removed: string[] }>();
  // Rounded with what else was ordered here, wherever the bill lies just now: parting from those it was put together with parts the sums too.
  const root = home.family && home.family !== home.id ? { root: home.id } : {};
  for (const item of items) {
    const check = placeFor(home, members, item.seat);
    if (!check) return onNewCheck(order, items, reader, context);
    const own = changes.get(check.id) ?? { added: [], changed: [], removed: [] };
    own.added.push(withCheckRates(check, { ...wholeShare(newShareId(check.shares, context), order.id, item), ...root }));
    changes.set(check.id, own);
  }
  const updated = changeShares(home, changes, reader);
  if ("refused" in updated) return updated;
  return {
    changes: [change("order", order.id, [{ type: "sale.order.itemsAdded", data: { items: [...items] } }]), ...updated],
    result: { order: order.id, check: [...changes.keys()][0] ?? home.id },
  };
}

/** All its checks are closed, and a course is still held: what comes now is on a new one, which is the order's own from now on (DOM-10). */
function onNewCheck(order: OrderState, items: readonly OrderItem[], reader: Reader, context: Context): Decision<Added> {
  const check = context.newId("check");
  return {
    changes: [
      change("order", order.id, [
        { type: "sale.order.itemsAdded", data: { items: [...items] } },
        { type: "sale.order.defaultCheckChanged", data: { check } },
      ]),
      newCheck(check, order.id, headerOf(order), items, reader, context),
    ],
    result: { order: order.id, check },
  };
}

function newCheck(check: string, order: string, header: OrderHeader, items: readonly OrderItem[], reader: Reader, context: Context): Change {
  const added = items.map((item) => wholeShare(context.newId("share"), order, item));
  return change("check", check, [openCheck(order, header, reader, context), { type: "sale.check.updated", data: { added, changed: [], removed: [] } }]);
}

/** An order and its check begin with the first item, in one decision (DOM-10). */
function begin(order: string, input: Input, reader: Reader, context: Context, by: Person): Decision<Added> {
  const opening = openOrder(order, input, reader, by);
  if ("refused" in opening) return opening;
  const items = priceAll(input, undefined, opening.header.serviceType, reader, context, by);
  if ("refused" in items) return items;
  const check = context.newId("check");
  const changes: readonly Change[] = [
    ...opening.before,
    change("order", order, [
      { type: "sale.order.created", data: { ...opening.header, defaultCheck: check } },
      { type: "sale.order.itemsAdded", data: { items: [...items] } },
    ]),
    newCheck(check, order, opening.header, items, reader, context),
  ];
  return { changes, result: { order, check } };
}

export const addItemsCommand = command({
  type: "order.addItems",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: addItems,
  reads: (input, reader, context) => {
    const id = targetOrder(input, reader);
    const order = reader.get("order", id);
    return [
      ...menuRefs(productsOf(input.items), context),
      ...(input.party ? [ref("party", input.party)] : []),
      ref("order", input.order),
      ...(id === input.order ? [] : [ref("order", id)]),
      ...(order ? familyRefs([order.defaultCheck], reader) : []),
      // A new check asks how many the party are; as long as one is open nobody needs to know.
      ...(order?.party && reader.get("check", order.defaultCheck)?.status === "closed" ? [ref("party", order.party)] : []),
    ];
  },
  decide,
});
