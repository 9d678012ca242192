/** Equal as JSON, whatever the order of keys: a state that was stored comes back with other orders. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, i) => sameJson(value, b[i]));
  }
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  let known = 0;
  for (const key of Object.keys(left)) {
    if (left[key] === undefined) continue;
    if (!Object.hasOwn(right, key) || !sameJson(left[key], right[key])) return false;
    known++;
  }
  for (const key of Object.keys(right)) if (right[key] !== undefined) known--;
  return known === 0;
}

/** The keys whose values are not the same, sorted; of nothing and something, all of them. */
export function differing(a: object | null, b: object | null): readonly string[] {
  const [left, right] = [(a ?? {}) as Readonly<Record<string, unknown>>, (b ?? {}) as Readonly<Record<string, unknown>>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((key) => !sameJson(left[key], right[key])).sort();
}
