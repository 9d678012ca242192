import type { z } from "zod";
import { voidItem } from "#shared/commands/order.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { compareQuantities, multiplyQuantities, subtractQuantities } from "#shared/money/quantity.ts";
import type { ShareChanges } from "../check/evolve.ts";
import { updateShares } from "../check/settle.ts";
import type { CheckState } from "../check/state.ts";
import type { Change, Context, Count, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { countdownStream } from "../streams.ts";
import { orderRefs } from "./decide-change-item.ts";
import { headerOf, plainItem } from "./decide-send.ts";
import { stockFactor } from "./price-item.ts";
import { changedShares, sharesOf } from "./shares.ts";
import type { OrderItemState } from "./state.ts";

type Input = z.output<typeof voidItem>;
type Voided = { readonly part: OrderItem; readonly remaining: string | null; readonly shares: ShareChanges };

/** DOM-5: a part leaves as a line of its own, the rest keeps its id, its seat, its ticket and its shares. */
function takeOut(item: OrderItem, quantity: string, newItem: string, check: CheckState): Voided {
  if (compareQuantities(quantity, item.quantity) === 0) {
    return { part: item, remaining: null, shares: { added: [], changed: [], removed: sharesOf(check, item.item).map((share) => share.share) } };
  }
  const remaining = subtractQuantities(item.quantity, quantity);
  const part: OrderItem = { ...item, item: newItem, quantity, portions: multiplyQuantities(quantity, stockFactor(item)), splitFrom: item.item };
  return { part, remaining, shares: { added: [], changed: changedShares(check, { ...item, quantity: remaining }), removed: [] } };
}

/** DOM-19: what is held was only reserved and goes back; what was fired is being made and is waste, whoever counts it. */
function givenBack(order: string, item: OrderItemState, part: OrderItem, reader: Reader): { readonly changes: readonly Change[]; readonly counts: readonly Count[] } {
  const stream = countdownStream(item.product);
  if (item.status !== "held" || !item.counted || (reader.get("countdown", stream)?.remaining ?? null) === null) return { changes: [], counts: [] };
  const { product, portions } = part;
  return {
    changes: [change("countdown", stream, [{ type: "stock.countdown.returned", data: { product, quantity: portions, order } }])],
    counts: [{ product, giveBack: portions }],
  };
}

function decide(input: Input, reader: Reader, context: Context): Decision<{ voided: string }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const order = reader.get("order", input.order);
  if (!order) return refuse("unknown-order", { order: input.order });
  const item = order.items[input.item];
  if (!item) return refuse("unknown-item", { item: input.item });
  if (item.status === "entered") return refuse("item-not-sent", { item: item.item });
  if (item.status === "voided") return refuse("item-voided", { item: item.item });
  const quantity = input.quantity ?? item.quantity;
  if (compareQuantities(quantity, item.quantity) > 0) return refuse("quantity-too-large", { left: item.quantity });
  const isPart = compareQuantities(quantity, item.quantity) < 0;
  if (isPart && order.items[input.newItem]) return refuse("item-exists", { item: input.newItem });
  const check = reader.get("check", order.defaultCheck);
  if (!check) throw new Error(`order ${order.id} without its check ${order.defaultCheck}`);
  if (check.status === "closed" || check.status === "voided") return refuse("item-paid", { check: check.id });

  const { part, remaining, shares } = takeOut(plainItem(item), quantity, input.newItem, check);
  const updated = updateShares(check, shares);
  if ("refused" in updated) return updated;
  const back = givenBack(order.id, item, part, reader);
  return {
    changes: [
      change("order", order.id, [
        {
          type: "sale.order.itemVoided",
          data: { header: headerOf(order), item: item.item, voided: part, remaining, reason: input.reason, wasFired: item.status === "fired", by },
        },
      ]),
      change("check", check.id, updated),
      ...back.changes,
    ],
    counts: back.counts,
    result: { voided: part.item },
  };
}

export const voidItemCommand = command({
  type: "order.voidItem",
  version: 1,
  capability: "order.void",
  owner: "merchant",
  schema: voidItem,
  reads: (input, reader) => {
    const item = reader.get("order", input.order)?.items[input.item];
    return [...orderRefs(input.order, reader), ...(item ? [ref("countdown", countdownStream(item.product))] : [])];
  },
  decide,
});
