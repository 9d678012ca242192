import type { z } from "zod";
import type { chosenModifier } from "#shared/commands/order.ts";
import type { ModifierGroup } from "#shared/events/catalog-menu.ts";
import type { OrderModifier } from "#shared/events/sale-order.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import type { ProductState } from "../menu/state.ts";

export type Choice = z.output<typeof chosenModifier>;

/** "no" takes away: it costs nothing and counts towards no minimum, maximum or free one. */
function units(choice: Choice): number {
  return choice.prefix === "no" ? 0 : choice.quantity;
}

/** A forced choice nobody made is made by the defaults, in the menu's order, until the minimum is reached. */
function withDefaults(group: ModifierGroup, chosen: readonly Choice[]): readonly Choice[] {
  let missing = group.min - chosen.reduce((sum, choice) => sum + units(choice), 0);
  const filled = [...chosen];
  for (const option of group.options) {
    if (missing <= 0) break;
    if (!option.default || chosen.some((choice) => choice.option === option.option)) continue;
    filled.push({ group: group.group, option: option.option, prefix: "none", placement: "whole", quantity: 1 });
    missing -= 1;
  }
  return filled;
}

/**
 * The price of one group's choices. Free are, in the order chosen: the first unit of a default option (it is in the product's price,
 * unless "extra" is asked for), then as many units as the group includes. All others cost the option's price;
 * "extra", "light" and "side" cost what the option costs, and where on the item it goes changes no price.
 */
function priceGroup(product: ProductState, group: ModifierGroup, chosen: readonly Choice[]): readonly OrderModifier[] | Refusal {
  const choices = withDefaults(group, chosen);
  const about = { product: product.id, group: group.group, name: group.name };
  const count = choices.reduce((sum, choice) => sum + units(choice), 0);
  if (count < group.min) return refuse("modifier-minimum", { ...about, min: group.min, chosen: count });
  if (count > group.max) return refuse("modifier-maximum", { ...about, max: group.max, chosen: count });

  let free = group.includedFree;
  const priced: OrderModifier[] = [];
  for (const choice of choices) {
    const option = group.options.find((o) => o.option === choice.option);
    if (!option) return refuse("unknown-option", { product: product.id, group: group.group, option: choice.option });
    if (choice.prefix !== "none" && !option.prefixes.includes(choice.prefix)) {
      return refuse("unknown-option", { product: product.id, group: group.group, option: choice.option, prefix: choice.prefix });
    }
    let paid = units(choice);
    if (paid > 0 && option.default && choice.prefix !== "extra") paid -= 1;
    const included = Math.min(paid, free);
    free -= included;
    paid -= included;
    priced.push({
      ...choice,
      name: option.name,
      kitchen: option.kitchen,
      price: moneyOf(minorUnits(option.price) * BigInt(paid), product.price.currency),
    });
  }
  return priced;
}

function choiceKey({ group, option, prefix, placement, quantity }: Choice): string {
  return [group, option, prefix, placement, quantity].join(" ");
}

function sameChoices(a: readonly Choice[], b: readonly Choice[]): boolean {
  return a.length === b.length && a.every((choice, i) => choiceKey(choice) === choiceKey(b[i] as Choice));
}

/**
 * Freezes the modifiers of an item (DOM-7, DOM-9), in the product's order of groups.
 * `before`: the same product's modifiers until now; a group whose choices did not change keeps its prices.
 */
export function priceModifiers(product: ProductState, chosen: readonly Choice[], before: readonly OrderModifier[] | null): readonly OrderModifier[] | Refusal {
  const all: OrderModifier[] = [];
  const groups = new Map(product.modifierGroups.map((group) => [group.group, group]));
  const kept = (before ?? []).filter((modifier) => !groups.has(modifier.group));
  for (const choice of chosen) {
    if (groups.has(choice.group)) continue;
    // A group that left the menu stays on an item that had it.
    const modifier = kept.find((k) => sameChoices([k], [choice]));
    if (!modifier) return refuse("unknown-option", { product: product.id, group: choice.group, option: choice.option });
    all.push(modifier);
  }
  for (const group of product.modifierGroups) {
    const choices = chosen.filter((choice) => choice.group === group.group);
    const previous = before?.filter((modifier) => modifier.group === group.group);
    if (previous && sameChoices(previous, choices)) {
      all.push(...previous);
      continue;
    }
    const priced = priceGroup(product, group, choices);
    if ("refused" in priced) return priced;
    all.push(...priced);
  }
  return all;
}
