import type { PriceRule } from "#shared/events/commerce.ts";
import type { Money, ServiceType } from "#shared/events/primitives.ts";
import { fractionOfDecimal } from "#shared/money/fraction.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { divideToUnit, type Rounding } from "#shared/money/rounding.ts";
import { localClock } from "../business-date.ts";
import type { ProductState } from "./state.ts";

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** A rule over midnight runs on into the morning after its days. */
function runs({ days, from, to }: PriceRule, weekday: number, minutes: number): boolean {
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  if (begins < ends) return days.includes(weekday) && minutes >= begins && minutes < ends;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return (days.includes(weekday) && minutes >= begins) || (days.includes(yesterday) && minutes < ends);
}

/** The happy hours that run at an instant, by the clock on the merchant's wall: it runs an hour longer when that clock is put back. */
export function runningRules(rules: readonly PriceRule[], instant: string, zone: string): readonly PriceRule[] {
  if (rules.length === 0) return rules;
  const { weekday, minutes } = localClock(instant, zone);
  return rules.filter((rule) => runs(rule, weekday, minutes));
}

/** The first rule that names the product or its category. A gift card is worth what is paid for it at any hour. */
export function ruleFor(running: readonly PriceRule[], product: ProductState, serviceType: ServiceType): PriceRule | undefined {
  if (product.kind === "stored-value") return undefined;
  return running.find((rule) => (rule.products.includes(product.id) || rule.categories.includes(product.category)) && (rule.serviceTypes?.includes(serviceType) ?? true));
}

/** Never below zero, and never above the list: a happy hour makes nothing dearer. */
export function ruledPrice({ change }: PriceRule, list: Money, rounding: Rounding): Money {
  const listed = minorUnits(list);
  const ruled = ruledAmount(change, listed, rounding);
  return moneyOf(ruled < 0n ? 0n : ruled > listed ? listed : ruled, list.currency);
}

function ruledAmount(change: PriceRule["change"], listed: bigint, rounding: Rounding): bigint {
  if (change.kind === "price") return minorUnits(change.price);
  if (change.kind === "amount-off") return listed - minorUnits(change.amount);
  const { numerator, denominator } = fractionOfDecimal(change.rate);
  return divideToUnit(listed * (denominator - numerator), denominator, rounding);
}
