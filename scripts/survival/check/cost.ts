import type { OrderItem } from "#shared/events/sale-order.ts";
import { thousandths } from "#shared/money/quantity.ts";
import type { History } from "./history.ts";

type Used = Pick<OrderItem, "product" | "quantity" | "recipe">;
/** `postings`: one for each event that moved something of value. `of`: what an account's subject must be at the end. */
export type ExpectedCosts = { readonly postings: readonly string[]; readonly of: ReadonlyMap<string, bigint> };

/** Cost of sale, waste and inventory, worked out anew along the log: what is fired leaves the shelf, what is voided comes back or is waste. */
export function expectedCosts({ all }: History): ExpectedCosts {
  const costs = new Map<string, { readonly amount: bigint; readonly per: bigint }>();
  const counted = new Set<string>();
  const postings: string[] = [];
  const of = new Map<string, bigint>();
  const add = (key: string, amount: bigint) => of.set(key, (of.get(key) ?? 0n) + amount);
  for (const { event } of all) {
    if (event.type === "stock.ingredient.created" && event.data.cost) costs.set(event.subject, read(event.data.cost));
    if (event.type === "stock.ingredient.counted") {
      const cost = costs.get(event.subject);
      if (counted.has(event.subject)) throw new Error(`${event.subject} is counted again: its value by then has to be worked out here`);
      counted.add(event.subject);
      const worth = cost ? (2n * cost.amount * thousandths(event.data.quantity) + cost.per) / (2n * cost.per) : 0n;
      if (worth === 0n) continue;
      postings.push(`${event.id} as count`);
      add("1300", worth);
      add(`3000 of ${event.subject}`, -worth);
    }
    if (event.type !== "sale.order.sent" && event.type !== "sale.order.courseFired" && event.type !== "sale.order.itemVoided") continue;
    const isVoid = event.type === "sale.order.itemVoided";
    const items: readonly Used[] = isVoid ? (event.data.wasFired ? [event.data.voided] : []) : event.data.items.filter(({ fired }) => fired);
    const values = items.map((item) => ({ product: item.product, value: valueOf(item, costs) })).filter(({ value }) => value > 0n);
    if (values.length > 0) postings.push(`${event.id} as cost`);
    for (const { product, value } of values) {
      add(`5000 of ${product}`, isVoid ? -value : value);
      if (isVoid && event.data.wasMade === true) add(`5050 of ${product}`, value);
      else add("1300", isVoid ? value : -value);
    }
  }
  return { postings, of };
}

function read({ amount, per }: { readonly amount: { readonly amount: string }; readonly per: string }) {
  return { amount: BigInt(amount.amount), per: thousandths(per) };
}

/** Half up, once for the item: each is brought to the denominator of all. */
function valueOf({ quantity, recipe }: Used, costs: ReadonlyMap<string, { readonly amount: bigint; readonly per: bigint }>): bigint {
  let [numerator, denominator] = [0n, 1n];
  for (const line of recipe) {
    const cost = costs.get(line.ingredient);
    if (!cost) continue;
    numerator = numerator * cost.per * 1000n + cost.amount * thousandths(line.quantity) * thousandths(quantity) * denominator;
    denominator *= cost.per * 1000n;
  }
  return (2n * numerator + denominator) / (2n * denominator);
}
