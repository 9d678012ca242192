import { ruledPrice, ruleFor } from "#shared/domain/menu/price-rules.ts";
import type { ProductState } from "#shared/domain/menu/state.ts";
import type { PriceRule } from "#shared/events/commerce.ts";
import type { Money, ServiceType } from "#shared/events/primitives.ts";
import type { Rounding } from "#shared/money/rounding.ts";

/** What a tap would cost now; `happy`: the hour makes it so. */
export type ButtonPrice = { readonly price: Money; readonly happy: string | null };

export function buttonPrice(product: ProductState, running: readonly PriceRule[], serviceType: ServiceType, rounding: Rounding): ButtonPrice {
  const list = product.variants[0]?.price ?? product.price;
  const rule = ruleFor(running, product, serviceType);
  if (!rule) return { price: list, happy: null };
  const price = ruledPrice(rule, list, rounding);
  return price.amount === list.amount ? { price: list, happy: null } : { price, happy: rule.name };
}
