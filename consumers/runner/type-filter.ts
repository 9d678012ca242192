/**
 * Tells cheaply whether an envelope may be of one of `types`: a yes is checked on the parsed envelope, a no is final.
 * Quotes inside JSON strings are escaped, so the pattern can only match a key.
 */
export function typeFilter(types: readonly string[]): (text: string) => boolean {
  if (types.length === 0) return () => false;
  const names = types.map((type) => type.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`"type"\\s*:\\s*"(?:${names.join("|")})"`);
  return (text) => pattern.test(text);
}
