import { countIngredient, createIngredient, setCost, setCountdown } from "#shared/commands/settings.ts";
import type { IngredientCost } from "#shared/events/catalog-menu.ts";
import type { Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";
import { countdownStream } from "../streams.ts";

/** DOM-19. "0": sold out on every tablet; null: not counted. */
export const setCountdownCommand = command({
  type: "stock.setCountdown",
  version: 1,
  capability: "stock.count",
  owner: "merchant",
  schema: setCountdown,
  reads: (input) => [ref("product", input.product)],
  decide: ({ product, remaining }, reader): Decision<Nothing> => {
    if (!reader.get("product", product)) return refuse("unknown-product", { product });
    return {
      changes: [change("countdown", countdownStream(product), [{ type: "stock.countdown.set", data: { product, remaining } }])],
      counts: [{ product, set: remaining }],
      result: {},
    };
  },
});

export const createIngredientCommand = command({
  type: "catalog.createIngredient",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: createIngredient,
  reads: (input, _, context) => [ref("ingredient", input.ingredient), ref("merchant", context.merchant)],
  decide: ({ ingredient, ...data }, reader, context): Decision<Nothing> => {
    if (reader.get("ingredient", ingredient)) return refuse("ingredient-exists", { ingredient });
    const foreign = costRefusal(data.cost ?? null, reader, context);
    if (foreign) return foreign;
    return { changes: [change("ingredient", ingredient, [{ type: "stock.ingredient.created", data }])], result: {} };
  },
});

function costRefusal(cost: IngredientCost | null, reader: Reader, context: Context): Refusal | null {
  const currency = reader.get("merchant", context.merchant)?.currency;
  return cost && cost.amount.currency !== currency ? refuse("wrong-currency", { currency: currency ?? null }) : null;
}

export const setCostCommand = command({
  type: "stock.setCost",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: setCost,
  reads: (input, _, context) => [ref("ingredient", input.ingredient), ref("merchant", context.merchant)],
  decide: ({ ingredient, cost }, reader, context): Decision<Nothing> => {
    if (!reader.get("ingredient", ingredient)) return refuse("unknown-ingredient", { ingredient });
    const foreign = costRefusal(cost, reader, context);
    if (foreign) return foreign;
    return { changes: [change("ingredient", ingredient, [{ type: "stock.ingredient.costed", data: { cost } }])], result: {} };
  },
});

export const countIngredientCommand = command({
  type: "stock.countIngredient",
  version: 1,
  capability: "stock.count",
  owner: "merchant",
  schema: countIngredient,
  reads: (input) => [ref("ingredient", input.ingredient)],
  decide: ({ ingredient, quantity, reason }, reader): Decision<Nothing> => {
    if (!reader.get("ingredient", ingredient)) return refuse("unknown-ingredient", { ingredient });
    return { changes: [change("ingredient", ingredient, [{ type: "stock.ingredient.counted", data: { quantity, reason } }])], result: {} };
  },
});
