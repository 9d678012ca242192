import type { z } from "zod";
import { createCategory, createProduct, updateProduct } from "#shared/commands/settings.ts";
import type { Product } from "#shared/events/catalog-menu.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits } from "#shared/money/money.ts";
import type { Ref } from "../aggregate.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";
import { unitNow } from "../merchant/charged-unit.ts";
import { groupRefusal } from "./check-groups.ts";
import type { ProductState } from "./state.ts";

export const createCategoryCommand = command({
  type: "catalog.createCategory",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: createCategory,
  reads: (input) => [ref("category", input.category)],
  decide: ({ category, ...data }, reader): Decision<Nothing> => {
    if (reader.get("category", category)) return refuse("category-exists", { category });
    return { changes: [change("category", category, [{ type: "catalog.category.created", data }])], result: {} };
  },
});

type Input = z.output<typeof createProduct>;

function reads(input: Input, _: Reader, context: Context): readonly Ref[] {
  const ingredients = new Set(input.recipe.map((line) => line.ingredient));
  return [
    ref("product", input.product),
    ref("merchant", context.merchant),
    ref("category", input.category),
    ...[...ingredients].map((ingredient) => ref("ingredient", ingredient)),
    ...[...new Set(choicesOf(input).map((choice) => choice.product))].map((product) => ref("product", product)),
  ];
}

function choicesOf({ combo }: Pick<Product, "combo">) {
  return combo?.flatMap((part) => part.choices) ?? [];
}

/** A combo is made of what is sold by itself. */
function choiceRefusal(data: Product, reader: Reader): Refusal | null {
  for (const { product: id, variant } of choicesOf(data)) {
    const product = reader.get("product", id);
    if (!product) return refuse("unknown-product", { product: id });
    if (product.combo || product.kind === "stored-value") return refuse("combo-of-combos", { product: id });
    const known = variant === null ? product.variants.length === 0 : product.variants.some((one) => one.variant === variant);
    if (!known) return refuse("unknown-variant", { product: id, variant });
  }
  return null;
}

function pricesOf(data: Pick<Product, "price" | "variants" | "modifierGroups" | "combo">): readonly Money[] {
  return [data.price, ...data.variants.map((v) => v.price), ...data.modifierGroups.flatMap((g) => g.options.map((o) => o.price)), ...choicesOf(data).map((c) => c.surcharge)];
}

/** What a product names must be there, in the merchant's own currency and taxes: another branch's would sell here otherwise (failure 18). */
function productRefusal(data: Product, before: ProductState | undefined, reader: Reader, context: Context): Refusal | null {
  const merchant = reader.get("merchant", context.merchant);
  if (!merchant?.policies) return refuse("merchant-not-ready");
  if (!reader.get("category", data.category)) return refuse("unknown-category", { category: data.category });
  const isTaxed = data.kind !== "stored-value";
  if (isTaxed && !merchant.policies.taxes.some((tax) => tax.code === data.taxCode)) return refuse("unknown-tax", { tax: data.taxCode });
  const missing = data.recipe.find((line) => !reader.get("ingredient", line.ingredient));
  if (missing) return refuse("unknown-ingredient", { ingredient: missing.ingredient });
  const prices = pricesOf(data);
  if (prices.some((price) => price.currency !== merchant.currency)) return refuse("wrong-currency", { currency: merchant.currency });
  // Another name is given to what costs a sen from before, too.
  const there = before ? pricesOf(before).map(minorUnits) : [];
  for (const price of prices) {
    const odd = unitRefusal({ price }, unitNow(merchant), there);
    if (odd) return odd;
  }
  return groupRefusal(data) ?? choiceRefusal(data, reader);
}

export const createProductCommand = command({
  type: "catalog.createProduct",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: createProduct,
  reads,
  decide: ({ product, ...data }, reader, context): Decision<Nothing> => {
    if (reader.get("product", product)) return refuse("product-exists", { product });
    return (
      productRefusal(data, undefined, reader, context) ?? {
        changes: [change("product", product, [{ type: "catalog.product.created", data }])],
        result: {},
      }
    );
  },
});

export const updateProductCommand = command({
  type: "catalog.updateProduct",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: updateProduct,
  reads,
  decide: ({ product, ...data }, reader, context): Decision<Nothing> => {
    const before = reader.get("product", product);
    if (!before) return refuse("unknown-product", { product });
    return (
      productRefusal(data, before, reader, context) ?? {
        changes: [change("product", product, [{ type: "catalog.product.updated", data }])],
        result: {},
      }
    );
  },
});
