import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { count, course, delivered, id, listPrice, person, portions, quantity, text } from "./primitives.ts";

/** DOM-20: a product's name on the button, in the kitchen and on the receipt. */
export const productNames = z.object({ button: text(40), kitchen: text(40), receipt: text(40) });
const key = z.string().regex(/^[a-z0-9-]{1,40}$/);
/** DOM-7. `prefixes` are the words a waiter may put before an option. */
export const modifierPrefix = z.enum(["none", "no", "extra", "light", "side"]);
export const modifierOption = z.object({ option: key, name: text(40), kitchen: text(40), price: listPrice, prefixes: z.array(modifierPrefix).max(5), default: z.boolean() });
export const modifierGroup = z.object({
  group: key,
  name: text(40),
  min: z.number().int().min(0).max(20),
  max: z.number().int().min(1).max(20),
  includedFree: z.number().int().min(0).max(20),
  options: z.array(modifierOption).min(1).max(60),
});
export const productVariant = z.object({ variant: key, name: text(30), price: listPrice, stockFactor: quantity });
export const recipeLine = z.object({ ingredient: id("ingredient"), quantity });
/**
 * DOM-8. `stored-value`: a gift card, which is no revenue, has no tax and takes no discount or service charge. Absent: goods.
 */
export const productKind = z.enum(["goods", "stored-value"]);
/** One choice of a combo's part; the surcharge comes on top of the combo's price. */
export const comboChoice = z.object({ product: id("product"), variant: z.string().max(40).nullable(), surcharge: listPrice });
/** DOM-6: what is chosen `quantity` times for one combo. */
export const comboPart = z.object({ part: key, name: text(40), quantity: z.number().int().min(1).max(20), choices: z.array(comboChoice).min(1).max(40) });
export const product = z.object({
  names: productNames,
  category: id("category"),
  /** Typed on the number pad to find it. */
  number: z.number().int().min(1).max(9999),
  price: listPrice,
  variants: z.array(productVariant).max(10),
  modifierGroups: z.array(modifierGroup).max(20),
  taxCode: z.string(),
  course,
  recipe: z.array(recipeLine).max(40),
  active: z.boolean(),
  kind: productKind.optional(),
  /** Sold as its parts for its own price, which is allocated to them by list price, per tax rate (DOM-6). */
  combo: z.array(comboPart).min(1).max(10).optional(),
});
/** What so much of its unit costs the place: 12.50 for 1000 g. */
export const ingredientCost = z.object({ amount: listPrice, per: quantity });
/** `cost` absent: nobody said, so nothing is posted when it is used. */
export const ingredient = z.object({ name: text(40), unit: z.enum(["g", "ml", "piece"]), lowBelow: count, cost: ingredientCost.optional() });

export const menuEvents = [
  event("catalog.category.created", 1, z.object({ name: text(30), color: z.string().regex(/^#[0-9a-f]{6}$/), sort: z.number().int().min(0).max(999) })),
  event("catalog.product.created", 1, product),
  event("catalog.product.updated", 1, product),
  event("stock.ingredient.created", 1, ingredient),
  /** A person counted what is there: the quantity is from now on this. */
  event("stock.ingredient.counted", 1, z.object({ quantity: count, reason: text(80) })),
  /** Goods came: `cost` without its `tax`, of one line of a delivery. Paid later it is owed to the supplier; out of a drawer, the drawer says so itself. */
  event("stock.ingredient.received", 1, z.object({ delivery: id("delivery"), supplier: text(60), note: text(40).nullable(), quantity: delivered, cost: listPrice, tax: listPrice, paid: z.enum(["later", "bank", "drawer"]), by: person })),
  /** On the delivery's own stream: it comes in once. */
  event("stock.delivery.received", 1, z.object({ supplier: text(60), ingredients: z.array(id("ingredient")).min(1).max(40), by: person })),
  /** From now on it costs this; null: nobody knows. */
  event("stock.ingredient.costed", 1, z.object({ cost: ingredientCost.nullable() })),
  /** DOM-19. Commutative: on the product's own countdown stream, in no fixed version. `null`: not counted. */
  event("stock.countdown.set", 1, z.object({ product: id("product"), remaining: count.nullable() })),
  event("stock.countdown.taken", 1, z.object({ product: id("product"), quantity: portions, order: id("order") })),
  event("stock.countdown.returned", 1, z.object({ product: id("product"), quantity: portions, order: id("order") })),
] as const;
export type MenuEvent = EventOf<typeof menuEvents>;
export type Product = z.infer<typeof product>;
export type ModifierGroup = z.infer<typeof modifierGroup>;
export type ComboPart = z.infer<typeof comboPart>;
export type Ingredient = z.infer<typeof ingredient>;
export type IngredientCost = z.infer<typeof ingredientCost>;
