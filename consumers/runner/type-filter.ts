import { typeIn } from "#hub/log/envelope-text.ts";

/** Whether an envelope's text is of one of `types`. */
export function typeFilter(types: readonly string[]): (text: string) => boolean {
  const wanted = new Set(types);
  return (text) => wanted.has(typeIn(text));
}
