import { ruledPrice, ruleFor } from "#shared/domain/menu/price-rules.ts";
import type { ProductState } from "#shared/domain/menu/state.ts";
import type { PriceRule } from "#shared/events/commerce.ts";
import type { Money, ServiceType } from "#shared/events/primitives.ts";
import type { Rounding } from "#shared/money/rounding.ts";
import { moneyOfText, textOfMoney } from "../parts/money-text.ts";
import { percentOfRate, rateOfPercent } from "./percent.ts";

type Kind = PriceRule["change"]["kind"];
/** A happy hour as somebody types it. */
export type RuleDraft = {
  readonly rule: string;
  readonly name: string;
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly products: readonly string[];
  readonly categories: readonly string[];
  /** None chosen means all of them. */
  readonly services: readonly ServiceType[];
  readonly kind: Kind;
  readonly value: string;
};
/** By field, in words. */
export type RuleFaults = Partial<Record<"name" | "days" | "from" | "to" | "what" | "value", string>>;
type Place = { readonly currency: string; readonly displayDigits: number };

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export function newDraft(rule: string): RuleDraft {
  return { rule, name: "", days: [1, 2, 3, 4, 5], from: "17:00", to: "19:00", products: [], categories: [], services: [], kind: "percent-off", value: "" };
}

export function draftOf({ rule, name, days, from, to, products, categories, serviceTypes, change }: PriceRule, { displayDigits }: Place): RuleDraft {
  const value = change.kind === "percent-off" ? percentOfRate(change.rate) : textOfMoney(change.kind === "price" ? change.price : change.amount, displayDigits);
  return { rule, name, days, from, to, products, categories, services: serviceTypes ?? [], kind: change.kind, value };
}

function changeOf({ kind, value }: RuleDraft, { currency, displayDigits }: Place): PriceRule["change"] | string {
  if (kind === "percent-off") {
    const rate = rateOfPercent(value);
    return rate === undefined || rate === "0" ? "A percentage above 0 and below 100" : { kind, rate };
  }
  const money = moneyOfText(value, currency, displayDigits);
  if (money === undefined) return `An amount in ${currency}`;
  if (kind === "price") return { kind, price: money };
  return money.amount === "0" ? "More than nothing" : { kind, amount: money };
}

/** The rule that it says, or what is wrong with which field. */
export function ruleOf(draft: RuleDraft, place: Place): { readonly rule: PriceRule; readonly faults: null } | { readonly rule: null; readonly faults: RuleFaults } {
  const { rule, name, days, from, to, products, categories, services } = draft;
  const change = changeOf(draft, place);
  const faults: RuleFaults = {
    ...(name.trim() === "" ? { name: "It needs a name" } : {}),
    ...(days.length === 0 ? { days: "On at least one day" } : {}),
    ...(TIME.test(from) ? {} : { from: "HH:MM" }),
    ...(TIME.test(to) ? (from === to ? { to: "It ends when it begins" } : {}) : { to: "HH:MM" }),
    ...(products.length + categories.length === 0 ? { what: "Choose a category or a product" } : {}),
    ...(typeof change === "string" ? { value: change } : {}),
  };
  if (Object.keys(faults).length > 0 || typeof change === "string") return { rule: null, faults };
  const serviceTypes = services.length === 0 || services.length === 3 ? {} : { serviceTypes: [...services] };
  return { rule: { rule, name: name.trim(), days: [...days].sort((a, b) => a - b), from, to, products: [...products], categories: [...categories], ...serviceTypes, change }, faults: null };
}

export type Ruled = { readonly product: ProductState; readonly list: Money; readonly ruled: Money };

/** What buttons cost while it runs, by the menu's numbers: those that it does not make cheaper are not in it. */
export function ruledButtons(rule: PriceRule, products: readonly ProductState[], rounding: Rounding): readonly Ruled[] {
  return products
    .filter((product) => product.active && ruleFor([rule], product, rule.serviceTypes?.[0] ?? "dine_in") !== undefined)
    .map((product) => ({ product, list: product.variants[0]?.price ?? product.price }))
    .map(({ product, list }) => ({ product, list, ruled: ruledPrice(rule, list, rounding) }))
    .filter(({ list, ruled }) => list.amount !== ruled.amount)
    .sort((a, b) => a.product.number - b.product.number);
}

/** Monday to Friday as "Mo–Fr", Sunday alone as "Su". */
export const DAY_NAMES = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] as const;
export function daysInWords(days: readonly number[]): string {
  const sorted = [...days].sort((a, b) => a - b);
  const name = (day: number | undefined) => DAY_NAMES[(day ?? 1) - 1] ?? "";
  if (sorted.length === 7) return "every day";
  const [first, last] = [sorted[0], sorted.at(-1)];
  const inARow = sorted.length > 2 && (last ?? 0) - (first ?? 0) === sorted.length - 1;
  return inARow ? `${name(first)}–${name(last)}` : sorted.map(name).join(", ");
}
