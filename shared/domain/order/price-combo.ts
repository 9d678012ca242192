import type { Money } from "#shared/events/primitives.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { allocate } from "#shared/money/allocate.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import type { ProductState } from "../menu/state.ts";
import { listedPrice, priceItem, type ItemSetting, type Menu, type NewItem } from "./price-item.ts";

type ChosenPart = NewItem["parts"][number];
type Child = { readonly item: OrderItem; readonly part: string; readonly listPrice: Money; readonly surcharge: bigint };

/** Every part as often as it is to be chosen, and nothing else. */
function choicesRefusal(combo: ProductState, parts: readonly ChosenPart[]): Refusal | null {
  for (const { part, name, quantity } of combo.combo ?? []) {
    const chosen = parts.filter((choice) => choice.part === part).length;
    if (chosen !== quantity) return refuse("combo-choices", { product: combo.id, part, name, quantity, chosen });
  }
  const unknown = parts.find((choice) => !combo.combo?.some(({ part }) => part === choice.part));
  return unknown ? refuse("unknown-option", { product: combo.id, group: unknown.part, option: unknown.product }) : null;
}

function priceChild(combo: ProductState, choice: ChosenPart, wanted: NewItem, menu: Menu, setting: ItemSetting): Child | Refusal {
  const offered = combo.combo?.find(({ part }) => part === choice.part)?.choices.find(({ product, variant }) => product === choice.product && variant === choice.variant);
  const product = menu.product(choice.product);
  if (!offered || !product || product.combo || product.kind === "stored-value") return refuse("unknown-option", { product: combo.id, group: choice.part, option: choice.product });
  const { part, ...child } = choice;
  // A combo's price is its own: a happy hour of the drink in it does not make it cheaper again.
  const item = priceItem({ ...wanted, ...child, course: choice.course ?? product.course, parts: [] }, { ...menu, running: [] }, setting);
  if ("refused" in item) return item;
  return { item, part, listPrice: item.unitPrice, surcharge: minorUnits(offered.surcharge) };
}

/** Weights that divide also where every part is free by itself. */
function weighed(prices: readonly bigint[]): readonly bigint[] {
  return prices.some((price) => price > 0n) ? prices : prices.map(() => 1n);
}

/** DOM-6: the price goes to the tax rates first and to the lines of each rate then, by list price, so that each rate's part is within one unit of exact. */
function allocated(price: bigint, children: readonly Child[], unit: bigint): readonly bigint[] {
  const rates = [...new Set(children.map(({ item }) => JSON.stringify(item.tax)))];
  const ofRate = rates.map((rate) => children.flatMap((child, i) => (JSON.stringify(child.item.tax) === rate ? [i] : [])));
  const prices = children.map(({ listPrice }) => minorUnits(listPrice));
  const list = (indexes: readonly number[]) => indexes.map((i) => prices[i] ?? 0n);
  const sums = weighed(ofRate.map((indexes) => list(indexes).reduce((sum, one) => sum + one, 0n)));
  const parts: bigint[] = children.map(() => 0n);
  allocate(price, sums, unit).forEach((amount, rate) => {
    const indexes = ofRate[rate] ?? [];
    allocate(amount, weighed(list(indexes)), unit).forEach((part, i) => {
      parts[indexes[i] ?? 0] = part;
    });
  });
  return parts;
}

/**
 * DOM-6: a combo is entered as its children, which are items like any others and name the combo. Its price (a happy hour's, when one runs) is
 * allocated to them; a choice's surcharge and its modifiers are on top of the child's part.
 */
export function priceCombo(combo: ProductState, wanted: NewItem, menu: Menu, setting: ItemSetting): readonly OrderItem[] | Refusal {
  if (wanted.modifiers.length > 0) return refuse("unknown-option", { product: combo.id, group: wanted.modifiers[0]?.group ?? "" });
  const refusal = choicesRefusal(combo, wanted.parts);
  if (refusal) return refusal;
  const price = listedPrice(combo, wanted, menu, setting);
  if ("refused" in price) return price;
  const children: Child[] = [];
  for (const choice of wanted.parts) {
    const child = priceChild(combo, choice, wanted, menu, setting);
    if ("refused" in child) return child;
    children.push(child);
  }
  const { unitPrice, priceRule: rule } = price;
  const unit = unitOf(menu.policies.rounding);
  const parts = allocated(minorUnits(unitPrice), children, unit);
  const unruled = rule ? allocated(minorUnits(rule.listPrice), children, unit) : [];
  return children.map(({ item, part, listPrice, surcharge }, i) => ({
    ...item,
    unitPrice: moneyOf((parts[i] ?? 0n) + surcharge, listPrice.currency),
    ...(rule ? { priceRule: { ...rule, listPrice: moneyOf((unruled[i] ?? 0n) + surcharge, listPrice.currency) } } : {}),
    combo: { combo: wanted.item, product: combo.id, part, name: combo.names.receipt, listPrice },
  }));
}
