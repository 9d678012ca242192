import type { z } from "zod";
import { voidItem } from "#shared/commands/order.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { addFractions, compareFractions, fraction, multiplyFractions, subtractFractions, type Fraction } from "#shared/money/fraction.ts";
import { compareQuantities, multiplyQuantities, quantityText, subtractQuantities, thousandths } from "#shared/money/quantity.ts";
import { approvalRefs, requireApproval, type Approved } from "../approval/require-approval.ts";
import type { ShareChanges } from "../check/evolve.ts";
import { membersOf } from "../check/family.ts";
import { fractionOf, isTooFine } from "../check/lines.ts";
import { changeShares } from "../check/settle.ts";
import type { Change, Context, Count, Decision, Reader, Refusal } from "../command.ts";
import { change, command, guard, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { countdownStream } from "../streams.ts";
import { orderRefs } from "./decide-change-item.ts";
import { headerOf, plainItem } from "./decide-send.ts";
import { production, productionRefs } from "./made.ts";
import { stockFactor } from "./price-item.ts";
import { bearingsOf, removedShares, reshaped, type Bearing } from "./shares.ts";
import type { OrderItemState } from "./state.ts";

type Input = z.output<typeof voidItem>;
type Voided = { readonly part: OrderItem; readonly remaining: string | null; readonly shares: ReadonlyMap<string, ShareChanges> };

type Loss = { readonly fractions: readonly Fraction[] } | Refusal;

/** Who bears less of the item now: the check that is named, else all that are not paid, in proportion; what is paid keeps its pieces. */
function lessOf(item: OrderItem, quantity: string, bearings: readonly Bearing[], named: string | undefined): Loss {
  const all = thousandths(item.quantity);
  const pieces = bearings.map(({ share }) => multiplyFractions(fractionOf(share), fraction(all)));
  const isLive = ({ check }: Bearing) => check.status === "open" || check.status === "presented" || check.status === "paid";
  const unpaid = bearings.some((bearing) => isLive(bearing) && bearing.check.status !== "paid");
  const gives = bearings.map((bearing) => (named === undefined ? isLive(bearing) && (!unpaid || bearing.check.status !== "paid") : isLive(bearing) && bearing.check.id === named));
  const left = pieces.reduce((sum, one, i) => (gives[i] ? addFractions(sum, one) : sum), fraction(0n));
  const gone = fraction(thousandths(quantity));
  if (compareFractions(gone, left) > 0) {
    return left.numerator === 0n ? refuse("item-paid", { check: bearings[0]?.check.id ?? null }) : refuse("quantity-too-large", { left: quantityText(left.numerator / left.denominator) });
  }
  const rest = all - thousandths(quantity);
  const stays = subtractFractions(left, gone);
  const fractions = pieces.map((one, i) => {
    const own = gives[i] ? fraction(one.numerator * stays.numerator * left.denominator, one.denominator * stays.denominator * left.numerator) : one;
    return rest === 0n ? fraction(0n) : fraction(own.numerator, own.denominator * rest);
  });
  return fractions.some(isTooFine) ? refuse("too-many-parts", { item: item.item }) : { fractions };
}

/** DOM-5: a part leaves as a line of its own, the rest keeps its id, its seat, its ticket and its shares. */
function takeOut(item: OrderItem, quantity: string, newItem: string, bearings: readonly Bearing[], named: string | undefined): Voided | Refusal {
  const less = lessOf(item, quantity, bearings, named);
  if ("refused" in less) return less;
  if (compareQuantities(quantity, item.quantity) === 0) return { part: item, remaining: null, shares: removedShares(bearings) };
  const remaining = subtractQuantities(item.quantity, quantity);
  const part: OrderItem = { ...item, item: newItem, quantity, portions: multiplyQuantities(quantity, stockFactor(item)), splitFrom: item.item };
  return { part, remaining, shares: reshaped({ ...item, quantity: remaining }, bearings, less.fractions) };
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

/** What was made is thrown away with a manager's word; so is what the guests have read on a bill taken off it (DOM-13). */
function allowed(input: Input, quantity: string, wasMade: boolean, bearings: readonly Bearing[], reader: Reader, context: Context): Approved | Refusal | null {
  if (!wasMade && !bearings.some(({ check }) => check.presented > 0)) return null;
  const subject = { target: input.order, lines: [input.item], quantity, reason: input.reason };
  return requireApproval({ approval: input.approval, action: "void-made", subject }, reader, context);
}

function decide(input: Input, reader: Reader, context: Context): Decision<{ voided: string; made: boolean }> {
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
  const bearings = bearingsOf(item.item, membersOf(check, reader));
  const out = takeOut(plainItem(item), quantity, input.newItem, bearings, input.check);
  if ("refused" in out) return out;
  const { begun, tickets } = production(item, reader, context);
  const wasMade = item.status === "fired" && (begun || input.made === true);
  const approved = allowed(input, quantity, wasMade, bearings, reader, context);
  if (approved && "refused" in approved) return approved;
  const { part, remaining, shares } = out;
  const updated = changeShares(check, shares, reader);
  if ("refused" in updated) return updated;
  const back = givenBack(order.id, item, part, reader);
  return {
    changes: [
      change("order", order.id, [
        {
          type: "sale.order.itemVoided",
          data: { header: headerOf(order), item: item.item, voided: part, remaining, reason: input.reason, wasFired: item.status === "fired", wasMade, by },
        },
      ]),
      ...updated,
      ...(approved?.changes ?? []),
      ...back.changes,
      // A cook who begins in the same moment is before or after, never both.
      ...tickets.map((ticket) => guard("ticket", ticket)),
    ],
    counts: back.counts,
    result: { voided: part.item, made: wasMade },
  };
}

export const voidItemCommand = command({
  type: "order.voidItem",
  version: 1,
  capability: "order.void",
  owner: "merchant",
  schema: voidItem,
  reads: (input, reader, context) => {
    const item = reader.get("order", input.order)?.items[input.item];
    return [...orderRefs(input.order, reader), ...approvalRefs(input.approval, reader), ...productionRefs(item, reader, context), ...(item ? [ref("countdown", countdownStream(item.product))] : [])];
  },
  decide,
});
