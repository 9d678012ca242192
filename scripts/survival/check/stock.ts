import type { TransactionSql } from "#hub/db/client.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { thousandths } from "./arithmetic.ts";
import { compareCounts, type Finding, type History } from "./history.ts";

/**
 * What is on the shelf is the opening count less the recipes of what was fired, plus those of what was voided before anybody
 * began to make it. Worked out here anew, in thousandths, along the log.
 */
export async function checkStock(tx: TransactionSql, { all }: History): Promise<Finding[]> {
  const shelf = new Map<string, bigint>();
  const begun = new Set<string>();
  const move = (items: readonly OrderItem[], sign: bigint) => {
    for (const { recipe, quantity } of items) {
      for (const { ingredient, quantity: each } of recipe) {
        const amount = (thousandths(each) * thousandths(quantity) + 500n) / 1000n;
        shelf.set(ingredient, (shelf.get(ingredient) ?? 0n) + sign * amount);
      }
    }
  };
  for (const { event } of all) apply(event, shelf, begun, move);
  const rows = await tx<{ ingredient_id: string; on_hand: string; moved: string }[]>`
    select l.ingredient_id, l.on_hand::text as on_hand,
      (select coalesce(sum(quantity), 0) from stock_movements m where m.merchant_id = l.merchant_id and m.ingredient_id = l.ingredient_id)::text as moved
    from stock_levels l`;
  const expected = [...shelf].map(([ingredient, left]) => `${ingredient} ${left}`);
  return [
    ...compareCounts("on the shelf", expected, rows.map(({ ingredient_id, on_hand }) => `${ingredient_id} ${thousandths(on_hand)}`)),
    ...compareCounts("sum of movements", expected, rows.map(({ ingredient_id, moved }) => `${ingredient_id} ${thousandths(moved)}`)),
  ];
}

function apply(event: EventEnvelope, shelf: Map<string, bigint>, begun: Set<string>, move: (items: readonly OrderItem[], sign: bigint) => void): void {
  switch (event.type) {
    case "stock.ingredient.created":
      shelf.set(event.subject, 0n);
      return;
    case "stock.ingredient.counted":
      shelf.set(event.subject, thousandths(event.data.quantity));
      return;
    case "sale.kitchen-ticket-item.started":
    case "sale.kitchen-ticket-item.ready":
      begun.add(event.data.item);
      return;
    case "sale.order.sent":
    case "sale.order.courseFired":
      return move(event.data.items.filter(({ fired }) => fired), -1n);
    case "sale.order.itemVoided":
      if (event.data.wasFired && !begun.has(event.data.item)) move([event.data.voided], 1n);
      return;
    default:
  }
}
