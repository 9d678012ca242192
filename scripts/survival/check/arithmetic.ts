/** A decimal as a whole number of thousandths; quantities have at most three places. */
export function thousandths(decimal: string): bigint {
  const [whole = "0", places = ""] = decimal.replace("-", "").split(".");
  const amount = BigInt(whole) * 1000n + BigInt(places.padEnd(3, "0").slice(0, 3));
  return decimal.startsWith("-") ? -amount : amount;
}

/** The whole number nearest to numerator / denominator (more than zero), a half away from zero: so the load's places round. */
export function nearest(numerator: bigint, denominator: bigint): bigint {
  return numerator < 0n ? -nearest(-numerator, denominator) : (2n * numerator + denominator) / (2n * denominator);
}

/** A rate such as "0.08875" as numerator and denominator. */
export function fractionOf(rate: string): readonly [numerator: bigint, denominator: bigint] {
  const [whole = "0", places = ""] = rate.split(".");
  return [BigInt(whole + places), 10n ** BigInt(places.length)];
}

export function sum(minors: Iterable<string | bigint | undefined>): bigint {
  let all = 0n;
  for (const minor of minors) all += BigInt(minor ?? 0);
  return all;
}
