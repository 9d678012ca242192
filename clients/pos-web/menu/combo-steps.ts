import type { ProductState } from "#shared/domain/menu/state.ts";
import type { ComboPart, ModifierGroup } from "#shared/events/catalog-menu.ts";
import { forcedSteps, isStepDone, type Choice } from "./choices.ts";

/** What was chosen for a part: a line of its own, as `order.addItems` takes it. */
export type ChosenPart = { readonly item: string; readonly part: string; readonly product: string; readonly variant: string | null; readonly modifiers: Choice[] };
export type ComboChoice = ComboPart["choices"][number];

/** `of`: which of a part that is chosen several times, from 0. */
export type ComboStep =
  | { readonly kind: "part"; readonly part: ComboPart; readonly of: number; readonly done: boolean }
  | { readonly kind: "group"; readonly part: ComboPart; readonly of: number; readonly item: string; readonly product: ProductState; readonly group: ModifierGroup; readonly done: boolean };

function chosenOf(part: ComboPart, chosen: readonly ChosenPart[]): readonly ChosenPart[] {
  return chosen.filter((one) => one.part === part.part);
}

/** What has to be chosen, in order: each part, and what the product chosen for it forces (its size is the combo's). */
export function comboSteps(parts: readonly ComboPart[], chosen: readonly ChosenPart[], product: (id: string) => ProductState | undefined): readonly ComboStep[] {
  return parts.flatMap((part) =>
    Array.from({ length: part.quantity }, (_, of) => of).flatMap((of): ComboStep[] => {
      const own = chosenOf(part, chosen)[of];
      const is = own && product(own.product);
      const step: ComboStep = { kind: "part", part, of, done: own !== undefined };
      if (!own || !is) return [step];
      const groups = forcedSteps(is).flatMap((each) => (each.kind === "group" ? [each.group] : []));
      return [step, ...groups.map((group): ComboStep => ({ kind: "group", part, of, item: own.item, product: is, group, done: isStepDone({ kind: "group", group }, { variant: own.variant, choices: own.modifiers }) }))];
    }),
  );
}

/** The choice for one of a part; another product forgets the wishes of the one before. */
export function choosePart(chosen: readonly ChosenPart[], part: ComboPart, of: number, choice: ComboChoice, newItem: () => string): readonly ChosenPart[] {
  const before = chosenOf(part, chosen)[of];
  const same = before?.product === choice.product && before.variant === choice.variant;
  if (before && same) return chosen;
  const made: ChosenPart = { item: before?.item ?? newItem(), part: part.part, product: choice.product, variant: choice.variant, modifiers: [] };
  return before ? chosen.map((one) => (one === before ? made : one)) : [...chosen, made];
}

export function wishPart(chosen: readonly ChosenPart[], item: string, modifiers: readonly Choice[]): readonly ChosenPart[] {
  return chosen.map((one) => (one.item === item ? { ...one, modifiers: [...modifiers] } : one));
}
