/**
 * Divides `total` by weights, by largest remainder: every part is within one unit of its exact share, the parts sum to the total,
 * a zero weight gets zero, ties go to the first position, and a negative total mirrors its positive.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  if (total < 0n) return allocate(-total, weights).map((part) => -part);
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

export function allocateEqually(total: bigint, parts: number): bigint[] {
  return allocate(total, Array.from({ length: parts }, () => 1n));
}
