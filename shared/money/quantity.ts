import { divideRounded } from "./rounding.ts";

/** Quantities are decimals with up to three places; here they are whole thousandths. */
const THOUSAND = 1000n;

export function thousandths(quantity: string): bigint {
  const match = /^(\d+)(?:\.(\d{1,3}))?$/.exec(quantity);
  if (!match) throw new RangeError(`not a quantity: ${quantity}`);
  return BigInt(match[1] ?? "0") * THOUSAND + BigInt((match[2] ?? "").padEnd(3, "0"));
}

/** The shortest text: `"2"`, `"0.5"`. */
export function quantityText(inThousandths: bigint): string {
  if (inThousandths < 0n) throw new RangeError("a quantity below zero");
  const places = (inThousandths % THOUSAND).toString().padStart(3, "0").replace(/0+$/, "");
  const whole = (inThousandths / THOUSAND).toString();
  return places === "" ? whole : `${whole}.${places}`;
}

/** Rounded half-up to a thousandth, and never to nothing: what was ordered takes something from the stock. */
export function multiplyQuantities(a: string, b: string): string {
  const product = divideRounded(thousandths(a) * thousandths(b), THOUSAND, "half-up");
  return quantityText(product === 0n ? 1n : product);
}

export function addQuantities(a: string, b: string): string {
  return quantityText(thousandths(a) + thousandths(b));
}

export function subtractQuantities(a: string, b: string): string {
  return quantityText(thousandths(a) - thousandths(b));
}

export function compareQuantities(a: string, b: string): number {
  const difference = thousandths(a) - thousandths(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
