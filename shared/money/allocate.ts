/**
 * Divides `total` by weights, by largest remainder in whole `unit`s: every part is within one unit of its exact share, the parts sum to the total,
 * a zero weight gets zero, ties go to the first position, and a negative total mirrors its positive. What of the total is less than a unit stays
 * with the first that weighs something.
 */
export function allocate(total: bigint, weights: readonly bigint[], unit = 1n): bigint[] {
  if (total < 0n) return allocate(-total, weights, unit).map((part) => -part);
  return unit === 1n ? allocateOnes(total, weights) : inUnits(total, weights, unit);
}

function inUnits(total: bigint, weights: readonly bigint[], unit: bigint): bigint[] {
  const parts = allocateOnes(total / unit, weights).map((part) => part * unit);
  const odd = total % unit;
  if (odd === 0n) return parts;
  const first = weights.findIndex((weight) => weight > 0n);
  if (first < 0) throw new RangeError("nobody to allocate to");
  return parts.map((part, position) => (position === first ? part + odd : part));
}

function allocateOnes(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError("a weight below zero");
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) {
    if (total === 0n) return weights.map(() => 0n);
    throw new RangeError("nobody to allocate to");
  }
  const parts = weights.map((weight) => (total * weight) / sum);
  let left = total - parts.reduce((a, b) => a + b, 0n);
  if (left === 0n) return parts;
  const remainders = weights.map((weight, position) => ({ position, remainder: (total * weight) % sum }));
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.position - b.position : a.remainder > b.remainder ? -1 : 1));
  for (const { position } of remainders) {
    if (left === 0n) break;
    parts[position] = (parts[position] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

export function allocateEqually(total: bigint, parts: number, unit = 1n): bigint[] {
  return allocate(total, Array.from({ length: parts }, () => 1n), unit);
}

/** The same sum, no part of it more than its cap: what is over goes to the first ones that have room. The caps sum to at least as much. */
export function capped(parts: readonly bigint[], caps: readonly bigint[]): bigint[] {
  let over = 0n;
  const within = parts.map((part, i) => {
    const cap = caps[i] ?? 0n;
    if (part <= cap) return part;
    over += part - cap;
    return cap;
  });
  for (let i = 0; over > 0n && i < within.length; i++) {
    const room = (caps[i] ?? 0n) - (within[i] ?? 0n);
    const more = room < over ? room : over;
    within[i] = (within[i] ?? 0n) + more;
    over -= more;
  }
  return within;
}
