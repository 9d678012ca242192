/** Merchant policy (facts/checks-and-money.md). Negative amounts mirror positive ones: half-up goes away from zero, down goes towards it. */
export type RoundingMode = "half-up" | "half-even" | "down";
/** How amounts are rounded, and to multiples of what: the smallest amount that is charged, in minor units (nobody can pay a sen: 100 for rupiah). No unit: one. */
export type Rounding = { readonly mode: RoundingMode; readonly unit?: number | undefined };

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

/** Minor units. */
export function unitOf({ unit }: Pick<Rounding, "unit">): bigint {
  return unit === undefined ? 1n : BigInt(unit);
}

/** The multiple of the unit that is nearest to numerator / denominator, rounded once; the denominator is more than zero. */
export function divideToUnit(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (rounding.unit === undefined) return divideRounded(numerator, denominator, rounding.mode);
  const unit = unitOf(rounding);
  return divideRounded(numerator, denominator * unit, rounding.mode) * unit;
}
