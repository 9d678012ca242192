import type { Product } from "#shared/events/catalog-menu.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";

function duplicate(keys: readonly string[]): string | undefined {
  return keys.find((key, i) => keys.indexOf(key) !== i);
}

/** A combo is its parts: what it would have of its own has no line to stand on. */
function comboRefusal({ combo, kind, modifierGroups, recipe }: Product): Refusal | null {
  if (!combo) return null;
  if (kind === "stored-value" || modifierGroups.length > 0 || recipe.length > 0) return refuse("combo-of-its-own");
  const twice = duplicate(combo.map(({ part }) => part)) ?? combo.map(({ choices }) => duplicate(choices.map(({ product, variant }) => `${product} ${variant ?? ""}`))).find((key) => key !== undefined);
  return twice === undefined ? null : refuse("duplicate-key", { key: twice });
}

/** A product that could never be ordered, or whose choices could not be told apart, does not get on the menu. */
export function groupRefusal(product: Product): Refusal | null {
  const twice =
    duplicate(product.variants.map((v) => v.variant)) ??
    duplicate(product.modifierGroups.map((g) => g.group)) ??
    product.modifierGroups.map((g) => duplicate(g.options.map((o) => o.option))).find((key) => key !== undefined);
  if (twice !== undefined) return refuse("duplicate-key", { key: twice });
  const combo = comboRefusal(product);
  if (combo) return combo;
  const impossible = product.modifierGroups.find((g) => g.min > g.max);
  return impossible ? refuse("modifier-minimum-over-maximum", { group: impossible.group }) : null;
}
