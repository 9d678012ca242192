/** Merchant policy (facts/checks-and-money.md). Negative amounts mirror positive ones: half-up goes away from zero, down goes towards it. */
export type RoundingMode = "half-up" | "half-even" | "down";

/** The whole number nearest to numerator / denominator; the denominator is more than zero. */
export function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (denominator <= 0n) throw new RangeError("the denominator must be more than zero");
  if (numerator < 0n) return -divideRounded(-numerator, denominator, mode);
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (mode === "down" || twice < denominator) return whole;
  if (twice > denominator || mode === "half-up") return whole + 1n;
  return whole % 2n === 0n ? whole : whole + 1n;
}

/** To a multiple of `step`: what can be paid with the coins that exist. */
export function roundToStep(amount: bigint, step: bigint, mode: RoundingMode = "half-up"): bigint {
  return divideRounded(amount, step, mode) * step;
}
