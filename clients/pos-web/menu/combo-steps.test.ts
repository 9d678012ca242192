import { expect, test } from "vitest";
import type { ProductState } from "#shared/domain/menu/state.ts";
import type { ComboPart, ModifierGroup } from "#shared/events/catalog-menu.ts";
import { choosePart, comboSteps, wishPart, type ChosenPart } from "./combo-steps.ts";

const money = { amount: "0", currency: "EUR" };
const doneness = { group: "doneness", name: "Doneness", min: 1, max: 1, includedFree: 0, options: [{ option: "rare", name: "Rare", kitchen: "rare", price: money, prefixes: [], default: false }] } as ModifierGroup;
const products = new Map(
  [
    { id: "burger", variants: [], modifierGroups: [doneness] },
    { id: "pho", variants: [], modifierGroups: [] },
    { id: "latte", variants: [{ variant: "small" }], modifierGroups: [] },
  ].map((product) => [product.id, product as unknown as ProductState]),
);
const part = (name: string, choices: readonly [string, string | null][], quantity = 1): ComboPart => ({ part: name, name, quantity, choices: choices.map(([product, variant]) => ({ product, variant, surcharge: money })) });
const main = part("main", [["burger", null], ["pho", null]]);
const drink = part("drink", [["latte", "small"]]);

const steps = (parts: readonly ComboPart[], chosen: readonly ChosenPart[]) => comboSteps(parts, chosen, (id) => products.get(id)).map(({ kind, part: of, done }) => `${of.name} ${kind} ${done ? "done" : "open"}`);
const first = (of: ComboPart) => of.choices[0] ?? expect.unreachable();
const second = (of: ComboPart) => of.choices[1] ?? expect.unreachable();

test("each part is a step, and so is what the chosen product forces; its size is the combo's", () => {
  let n = 0;
  const newItem = () => `item${++n}`;
  let chosen: readonly ChosenPart[] = [];
  expect(steps([main, drink], chosen)).toEqual(["main part open", "drink part open"]);
  chosen = choosePart(chosen, main, 0, first(main), newItem);
  expect(steps([main, drink], chosen)).toEqual(["main part done", "main group open", "drink part open"]);
  chosen = wishPart(chosen, "item1", [{ group: "doneness", option: "rare", prefix: "none", placement: "whole", quantity: 1 }]);
  chosen = choosePart(chosen, drink, 0, first(drink), newItem);
  expect(steps([main, drink], chosen)).toEqual(["main part done", "main group done", "drink part done"]);
  expect(chosen).toMatchObject([{ item: "item1", part: "main", product: "burger" }, { item: "item2", part: "drink", product: "latte", variant: "small" }]);
});

test("another choice takes the place of the first and forgets its wishes; the same one changes nothing", () => {
  let n = 0;
  const newItem = () => `item${++n}`;
  let chosen = choosePart([], main, 0, first(main), newItem);
  chosen = wishPart(chosen, "item1", [{ group: "doneness", option: "rare", prefix: "none", placement: "whole", quantity: 1 }]);
  expect(choosePart(chosen, main, 0, first(main), newItem)).toBe(chosen);
  chosen = choosePart(chosen, main, 0, second(main), newItem);
  expect(chosen).toEqual([{ item: "item1", part: "main", product: "pho", variant: null, modifiers: [] }]);
});

test("a part of two is chosen twice, also twice the same", () => {
  const two = part("starters", [["pho", null], ["latte", "small"]], 2);
  let n = 0;
  let chosen = choosePart([], two, 0, first(two), () => `item${++n}`);
  expect(steps([two], chosen)).toEqual(["starters part done", "starters part open"]);
  chosen = choosePart(chosen, two, 1, first(two), () => `item${++n}`);
  expect(chosen.map(({ item, product }) => [item, product])).toEqual([["item1", "pho"], ["item2", "pho"]]);
});
