import type { Ingredient, Product } from "#shared/events/catalog-menu.ts";

export type CategoryState = { readonly id: string; readonly name: string; readonly color: string; readonly sort: number };
/** `version` is the stream's version, which an item freezes as `productVersion`. */
export type ProductState = Product & { readonly id: string; readonly version: number };
export type IngredientState = Ingredient & { readonly id: string };
/** Stream `dlv_…`: one delivery, once. */
export type DeliveryState = { readonly supplier: string };
/** Stream `cnt_<ulid of the product>`; remaining null: not counted; "0": sold out. */
export type CountdownState = { readonly product: string; readonly remaining: string | null };
