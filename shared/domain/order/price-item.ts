import type { z } from "zod";
import type { newItem } from "#shared/commands/order.ts";
import type { Policies, TaxRate } from "#shared/events/commerce.ts";
import type { ServiceType } from "#shared/events/primitives.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { multiplyQuantities } from "#shared/money/quantity.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import type { CountdownState, ProductState } from "../menu/state.ts";
import { priceModifiers } from "./price-modifiers.ts";

export type NewItem = z.output<typeof newItem>;
export type Menu = {
  product(id: string): ProductState | undefined;
  countdown(product: string): CountdownState | undefined;
  readonly policies: Policies;
};
export type ItemSetting = { readonly serviceType: ServiceType; readonly by: Person; readonly before: OrderItem | null };

/** The rate that a tax code means for a kind of service: the first of the code's entries that has it. */
export function taxFor(policies: Policies, code: string, serviceType: ServiceType): TaxRate | undefined {
  const found = policies.taxes.find((tax) => tax.code === code && (tax.serviceTypes?.includes(serviceType) ?? true));
  return found && { code: found.code, name: found.name, rate: found.rate, inclusive: found.inclusive };
}

function variantOf(product: ProductState, variant: string | null): ProductState["variants"][number] | null | Refusal {
  if (variant === null) return product.variants.length === 0 ? null : refuse("variant-required", { product: product.id, name: product.names.button, variants: product.variants.map((v) => v.variant) });
  return product.variants.find((v) => v.variant === variant) ?? refuse("unknown-variant", { product: product.id, variant });
}

/** A new line, or one for another product, must be on sale; a line that stays what it is may be edited after the last portion went. */
function onSale(product: ProductState, menu: Menu): Refusal | null {
  if (!product.active) return refuse("inactive-product", { product: product.id, name: product.names.button });
  if (menu.countdown(product.id)?.remaining === "0") return refuse("sold-out", { product: product.id, name: product.names.button });
  return null;
}

/** What one of it takes of a portion: half a Phở takes 0.5 (DOM-7). */
export function stockFactor(item: OrderItem): string {
  return item.variant?.stockFactor ?? "1";
}

/**
 * Freezes an item as it is entered (DOM-9): the variant's price in place of the product's, modifiers, tax, recipe, product version.
 * With `before` only what changed is priced anew, and a change of service type re-taxes only.
 */
export function priceItem(wanted: NewItem, menu: Menu, { serviceType, by, before }: ItemSetting): OrderItem | Refusal {
  const product = menu.product(wanted.product);
  if (!product) return refuse("unknown-product", { product: wanted.product });
  const sameProduct = before?.product === wanted.product ? before : null;
  const same = sameProduct && (sameProduct.variant?.variant ?? null) === wanted.variant ? sameProduct : null;
  const refusal = sameProduct ? null : onSale(product, menu);
  if (refusal) return refusal;

  const variant = same ? null : variantOf(product, wanted.variant);
  if (variant && "refused" in variant) return variant;
  const factor = same ? stockFactor(same) : (variant?.stockFactor ?? "1");
  const modifiers = priceModifiers(product, wanted.modifiers, sameProduct?.modifiers ?? null);
  if ("refused" in modifiers) return modifiers;
  const service = wanted.serviceType ?? before?.serviceType ?? serviceType;
  const tax = sameProduct?.serviceType === service ? sameProduct.tax : taxFor(menu.policies, product.taxCode, service);
  if (!tax) return refuse("unknown-tax", { product: product.id, tax: product.taxCode });

  return {
    item: wanted.item,
    product: product.id,
    productVersion: same?.productVersion ?? product.version,
    category: same?.category ?? product.category,
    names: same?.names ?? product.names,
    variant: same ? same.variant : variant && { variant: variant.variant, name: variant.name, stockFactor: variant.stockFactor },
    quantity: wanted.quantity,
    seat: wanted.seat,
    course: wanted.course ?? before?.course ?? product.course,
    modifiers: [...modifiers],
    notes: wanted.notes,
    allergy: wanted.allergy,
    unitPrice: same?.unitPrice ?? variant?.price ?? product.price,
    tax,
    serviceType: service,
    portions: multiplyQuantities(wanted.quantity, factor),
    recipe: same?.recipe ?? product.recipe.map((line) => ({ ...line, quantity: multiplyQuantities(line.quantity, factor) })),
    by: before?.by ?? by,
    splitFrom: before?.splitFrom ?? null,
  };
}
