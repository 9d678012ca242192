import { quantityText, thousandths } from "#shared/money/quantity.ts";

const COUNT = /^(0|[1-9]\d{0,6})(\.\d{1,3})?$/;

/** Zero or more, as the hub takes it. */
export function isCount(text: string): boolean {
  return COUNT.test(text);
}

/** Below zero when fewer were counted; the level itself may be below zero, when more was sold than ever came. */
export function stockDifference(counted: string, onHand: string): string {
  const level = onHand.startsWith("-") ? -thousandths(onHand.slice(1)) : thousandths(onHand);
  const difference = thousandths(counted) - level;
  return difference < 0n ? `-${quantityText(-difference)}` : quantityText(difference);
}
