import type { z } from "zod";
import type { newItem } from "#shared/commands/order.ts";
import type { Policies, PriceRule, TaxRate } from "#shared/events/commerce.ts";
import type { Money, ServiceType } from "#shared/events/primitives.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { multiplyQuantities } from "#shared/money/quantity.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import type { CountdownState, ProductState } from "../menu/state.ts";
import { ruledPrice, ruleFor } from "../menu/price-rules.ts";
import { priceModifiers } from "./price-modifiers.ts";

export type NewItem = z.output<typeof newItem>;
export type Menu = {
  product(id: string): ProductState | undefined;
  countdown(product: string): CountdownState | undefined;
  readonly policies: Policies;
  /** The happy hours that run now. */
  readonly running: readonly PriceRule[];
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

/** DOM-8: stored value has no tax. */
const NO_TAX: TaxRate = { code: "none", name: "No tax", rate: "0", inclusive: true };

type Priced = { readonly unitPrice: Money; readonly priceRule?: { readonly rule: string; readonly name: string; readonly listPrice: Money } };

function pricedNow(product: ProductState, list: Money, menu: Menu, serviceType: ServiceType): Priced {
  const rule = ruleFor(menu.running, product, serviceType);
  if (!rule) return { unitPrice: list };
  return { unitPrice: ruledPrice(rule, list, menu.policies.rounding), priceRule: { rule: rule.rule, name: rule.name, listPrice: list } };
}

/** The price of one as the menu and the hour have it, if it is on sale. */
export function listedPrice(product: ProductState, wanted: NewItem, menu: Menu, { serviceType, before }: ItemSetting): Priced | Refusal {
  const refusal = onSale(product, menu);
  if (refusal) return refusal;
  const variant = variantOf(product, wanted.variant);
  if (variant && "refused" in variant) return variant;
  return pricedNow(product, variant?.price ?? product.price, menu, wanted.serviceType ?? before?.serviceType ?? serviceType);
}

/** What does not fit what the product is. */
function kindRefusal(product: ProductState, wanted: NewItem, before: OrderItem | null): Refusal | null {
  if (product.combo) return refuse("combo-choices", { product: product.id, name: product.names.button });
  if (product.kind === "stored-value" && wanted.quantity !== "1") return refuse("gift-card-quantity", { product: product.id });
  const of = before?.combo;
  if (!of || !before) return null;
  const same = wanted.product === before.product && wanted.variant === (before.variant?.variant ?? null) && wanted.quantity === before.quantity;
  return same ? null : refuse("combo-part", { combo: of.combo, name: of.name });
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
  const refusal = kindRefusal(product, wanted, before) ?? (sameProduct ? null : onSale(product, menu));
  if (refusal) return refusal;

  const variant = same ? null : variantOf(product, wanted.variant);
  if (variant && "refused" in variant) return variant;
  const factor = same ? stockFactor(same) : (variant?.stockFactor ?? "1");
  const modifiers = priceModifiers(product, wanted.modifiers, sameProduct?.modifiers ?? null);
  if ("refused" in modifiers) return modifiers;
  const service = wanted.serviceType ?? before?.serviceType ?? serviceType;
  const untaxed = product.kind === "stored-value";
  const tax = sameProduct?.serviceType === service ? sameProduct.tax : untaxed ? NO_TAX : taxFor(menu.policies, product.taxCode, service);
  if (!tax) return refuse("unknown-tax", { product: product.id, tax: product.taxCode });
  const { unitPrice, priceRule } = same ?? pricedNow(product, variant?.price ?? product.price, menu, service);

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
    unitPrice,
    tax,
    serviceType: service,
    portions: multiplyQuantities(wanted.quantity, factor),
    recipe: same?.recipe ?? product.recipe.map((line) => ({ ...line, quantity: multiplyQuantities(line.quantity, factor) })),
    by: before?.by ?? by,
    splitFrom: before?.splitFrom ?? null,
    ...(untaxed ? { kind: "stored-value" as const } : {}),
    ...(priceRule ? { priceRule } : {}),
    ...(before?.combo ? { combo: before.combo } : {}),
  };
}
