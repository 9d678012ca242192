import { describe, expect, test } from "vitest";
import type { ProductState } from "#shared/domain/menu/state.ts";
import type { ModifierGroup } from "#shared/events/catalog-menu.ts";
import { forcedSteps, isStepDone, needsSheet, tapOption, type Choice } from "./choices.ts";

const option = (name: string, prefixes: string[] = [], isDefault = false) => ({ option: name, name, kitchen: name, price: { amount: "0", currency: "EUR" }, prefixes, default: isDefault });
const group = (name: string, min: number, max: number, options: ReturnType<typeof option>[]) => ({ group: name, name, min, max, includedFree: 0, options }) as unknown as ModifierGroup;
const product = (variants: string[], modifierGroups: ModifierGroup[]) => ({ variants: variants.map((variant) => ({ variant, name: variant })), modifierGroups }) as unknown as ProductState;
const first = (of: ModifierGroup) => of.options[0] ?? expect.unreachable();

describe("screen rule 3: the sheet opens only for unmet minimums", () => {
  const doneness = group("doneness", 1, 1, [option("rare"), option("medium")]);
  const milk = group("milk", 1, 1, [option("cow", [], true), option("oat")]);
  const extras = group("extras", 0, 3, [option("bacon")]);

  test("a product without choices, or with defaults for all, is entered by one tap", () => {
    expect(needsSheet(product([], [extras, milk]))).toBe(false);
  });

  test("a size and a forced group are two steps", () => {
    const steps = forcedSteps(product(["small", "large"], [milk, doneness, extras]));
    expect(steps).toHaveLength(2);
    const draft = { variant: "large", choices: [] };
    expect(steps.map((step) => isStepDone(step, draft))).toEqual([true, false]);
    expect(steps.every((step) => isStepDone(step, { ...draft, choices: tapOption(doneness, first(doneness), []) }))).toBe(true);
  });

  test("a minimum of two needs two", () => {
    const sides = group("sides", 2, 2, [option("fries"), option("salad")]);
    const [step] = forcedSteps(product([], [sides]));
    const one = tapOption(sides, first(sides), []);
    expect(step && isStepDone(step, { variant: null, choices: one })).toBe(false);
    expect(step && isStepDone(step, { variant: null, choices: tapOption(sides, sides.options[1] ?? first(sides), one) })).toBe(true);
  });
});

describe("DOM-7: what a tap on an option says", () => {
  const taps = (of: ModifierGroup, count: number) => {
    let choices: readonly Choice[] = [];
    const said: string[] = [];
    for (let i = 0; i < count; i++) {
      choices = tapOption(of, first(of), choices);
      said.push(choices[0]?.prefix ?? "-");
    }
    return said;
  };

  test("what comes by itself is taken away first: NO onions in one tap", () => {
    expect(taps(group("g", 0, 5, [option("onions", ["none", "no", "extra", "side"], true)]), 4)).toEqual(["no", "extra", "side", "-"]);
  });

  test("what does not is added first", () => {
    expect(taps(group("g", 0, 5, [option("bacon", ["none", "extra"])]), 3)).toEqual(["none", "extra", "-"]);
    expect(taps(group("g", 0, 5, [option("shot")]), 2)).toEqual(["none", "-"]);
  });

  test("what can only be left out is left out by one tap", () => {
    expect(taps(group("g", 0, 5, [option("onions", ["no"])]), 2)).toEqual(["no", "-"]);
  });

  test("one of several: the other gives way; more than the maximum is not taken", () => {
    const one = group("g", 1, 1, [option("rare"), option("medium")]);
    const rare = tapOption(one, first(one), []);
    expect(tapOption(one, one.options[1] ?? first(one), rare).map((choice) => choice.option)).toEqual(["medium"]);
    const two = group("g", 0, 2, [option("a"), option("b"), option("c")]);
    const full = tapOption(two, two.options[1] ?? first(two), tapOption(two, first(two), []));
    expect(tapOption(two, two.options[2] ?? first(two), full)).toBe(full);
  });
});
