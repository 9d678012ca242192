import type { OrderItem } from "#shared/events/sale-order.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import { priceCombo } from "./price-combo.ts";
import { priceItem, type ItemSetting, type Menu, type NewItem } from "./price-item.ts";

/** What one entry makes: a line, or a combo's lines. */
export function priceLines(wanted: NewItem, menu: Menu, setting: ItemSetting): readonly OrderItem[] | Refusal {
  const product = menu.product(wanted.product);
  if (product?.combo) return priceCombo(product, wanted, menu, setting);
  if (wanted.parts.length > 0) return refuse("unknown-option", { product: wanted.product, group: wanted.parts[0]?.part ?? "" });
  const item = priceItem(wanted, menu, setting);
  return "refused" in item ? item : [item];
}

/** Every product that pricing the entries reads. */
export function productsOf(items: readonly Pick<NewItem, "product" | "parts">[]): readonly string[] {
  return items.flatMap(({ product, parts }) => [product, ...parts.map((part) => part.product)]);
}

/** A line's id and a combo's id are used once in an order. */
export function isTaken(id: string, items: readonly OrderItem[]): boolean {
  return items.some((item) => item.item === id || item.combo?.combo === id);
}
