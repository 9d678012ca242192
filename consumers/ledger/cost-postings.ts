import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { IngredientCost } from "#shared/events/catalog-menu.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { allocate } from "#shared/money/allocate.ts";
import { thousandths } from "#shared/money/quantity.ts";
import { divideRounded } from "#shared/money/rounding.ts";
import { credit, debit, type Journal, type Leg } from "./journal.ts";

type Of<T extends EventEnvelope["type"]> = Extract<EventEnvelope, { type: T }>;
export const COSTED_TYPES = ["sale.order.sent", "sale.order.courseFired", "sale.order.itemVoided"] as const;
export type CostedEvent = Of<(typeof COSTED_TYPES)[number]>;
/** What an ingredient costs the place at this point of its log; undefined when nobody said. */
export type CostOf = (ingredient: string) => IngredientCost | undefined;
type Used = Pick<OrderItem, "product" | "quantity" | "recipe">;
type Moved = { readonly product: string; readonly ingredients: readonly { readonly ingredient: string; readonly amount: bigint }[]; readonly total: bigint };

/** Rounded once for each item, then given to its ingredients by largest remainder. */
function costOf({ product, quantity, recipe }: Used, costs: CostOf): Moved {
  const known = recipe.flatMap((line) => {
    const cost = costs(line.ingredient);
    return cost ? [{ ingredient: line.ingredient, numerator: BigInt(cost.amount.amount) * thousandths(line.quantity) * thousandths(quantity), denominator: thousandths(cost.per) * 1000n }] : [];
  });
  const common = [...new Set(known.map(({ denominator }) => denominator))].reduce((all, one) => all * one, 1n);
  const weights = known.map(({ numerator, denominator }) => numerator * (common / denominator));
  const total = divideRounded(weights.reduce((sum, weight) => sum + weight, 0n), common, "half-up");
  const amounts = total === 0n ? [] : allocate(total, weights);
  return { product, total, ingredients: amounts.map((amount, i) => ({ ingredient: known[i]?.ingredient ?? "", amount })) };
}

function summed(legs: readonly Leg[]): readonly Leg[] {
  const sums = new Map<string, Leg>();
  for (const leg of legs) {
    const key = `${leg.account} ${leg.subject}`;
    sums.set(key, { ...leg, amount: (sums.get(key)?.amount ?? 0n) + leg.amount });
  }
  return [...sums.values()];
}

/** What leaves the shelf when it is fired is cost of sale; what was made and voided is waste, and what was not made goes back. Costs are of the day, not of the purchase. */
export function costJournals(event: CostedEvent, currency: string, costs: CostOf): readonly Journal[] {
  if (event.type === "sale.order.itemVoided") return event.data.wasFired ? voided(event, currency, costs) : [];
  const moved = event.data.items.filter(({ fired }) => fired).map((item) => costOf(item, costs));
  const legs = moved.flatMap(({ product, ingredients, total }) => [debit("5000", product, total), ...ingredients.map(({ ingredient, amount }) => credit("1300", ingredient, amount))]);
  return [{ id: `${event.id}/cost`, currency, memo: "Cost of what was fired", legs: summed(legs) }];
}

function voided({ id, data }: Of<"sale.order.itemVoided">, currency: string, costs: CostOf): readonly Journal[] {
  const { product, ingredients, total } = costOf(data.voided, costs);
  const back = ingredients.map(({ ingredient, amount }) => debit("1300", ingredient, amount));
  const memo = data.wasMade === true ? `Wasted: ${data.reason}` : `Not made: ${data.reason}`;
  return [{ id: `${id}/cost`, currency, memo, legs: [...(data.wasMade === true ? [debit("5050", product, total)] : back), credit("5000", product, total)] }];
}
