import type { ProductState } from "#shared/domain/menu/state.ts";
import type { ModifierGroup } from "#shared/events/catalog-menu.ts";

export type Prefix = "none" | "no" | "extra" | "light" | "side";
export type Choice = { readonly group: string; readonly option: string; readonly prefix: Prefix; readonly placement: "whole" | "left" | "right"; readonly quantity: number };
export type Draft = { readonly variant: string | null; readonly choices: readonly Choice[] };

/** What has to be chosen before the product can be entered, in the order in which it is asked. */
export type ForcedStep = { readonly kind: "variant" } | { readonly kind: "group"; readonly group: ModifierGroup };

function counted(choices: readonly Choice[], group: string): number {
  return choices.filter((choice) => choice.group === group && choice.prefix !== "no").reduce((sum, choice) => sum + choice.quantity, 0);
}

/** Defaults are taken by themselves, so a group whose defaults reach its minimum asks nothing. */
function isMet(group: ModifierGroup, choices: readonly Choice[]): boolean {
  const own = choices.filter((choice) => choice.group === group.group);
  const defaults = group.options.filter((option) => option.default && !own.some((choice) => choice.option === option.option)).length;
  return counted(choices, group.group) + defaults >= group.min;
}

export function forcedSteps(product: ProductState): readonly ForcedStep[] {
  const groups = product.modifierGroups.filter((group) => !isMet(group, [])).map((group): ForcedStep => ({ kind: "group", group }));
  return product.variants.length > 0 ? [{ kind: "variant" }, ...groups] : groups;
}

export function isStepDone(step: ForcedStep, draft: Draft): boolean {
  return step.kind === "variant" ? draft.variant !== null : isMet(step.group, draft.choices);
}

/** Screen rule 3: the sheet opens only for unmet minimums. */
export function needsSheet(product: ProductState): boolean {
  return product.combo !== undefined || forcedSteps(product).length > 0;
}

/** "none" may always be said; of a default it means "as it comes", which is said by choosing nothing. */
function prefixCycle(option: ModifierGroup["options"][number]): readonly (Prefix | null)[] {
  const words = option.prefixes.filter((prefix) => prefix !== "none");
  const withoutNo = words.filter((prefix) => prefix !== "no");
  const no = words.includes("no") ? (["no"] as const) : [];
  if (option.default) return [null, ...no, ...withoutNo];
  return option.prefixes.includes("none") || words.length === 0 || !words.includes("no") ? [null, "none", ...withoutNo, ...no] : [null, ...no, ...withoutNo];
}

/** The next tap on an option: chosen, then each word that it may have, then not chosen. A choice of one replaces the other. */
export function tapOption(group: ModifierGroup, option: ModifierGroup["options"][number], choices: readonly Choice[]): readonly Choice[] {
  const now = choices.find((choice) => choice.group === group.group && choice.option === option.option);
  const cycle = prefixCycle(option);
  const next = cycle[(cycle.indexOf(now?.prefix ?? null) + 1) % cycle.length] ?? null;
  const others = choices.filter((choice) => choice !== now);
  if (next === null) return others;
  const made: Choice = { group: group.group, option: option.option, prefix: next, placement: "whole", quantity: 1 };
  if (next === "no") return [...others, made];
  const room = group.max - counted(others, group.group);
  if (room > 0) return [...others, made];
  return group.max === 1 ? [...others.filter((choice) => choice.group !== group.group || choice.prefix === "no"), made] : choices;
}

/** Said with a word at once, from a row of words: the same word again takes it back. */
export function choiceOf(group: ModifierGroup, option: string, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice.group === group.group && choice.option === option);
}

export const PREFIX_WORDS: Readonly<Record<Prefix, string>> = { none: "", no: "NO", extra: "EXTRA", light: "LIGHT", side: "ON SIDE" };
