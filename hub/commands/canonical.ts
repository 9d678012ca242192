import { hash } from "node:crypto";

/**
 * JSON with sorted keys and without absent fields, so that one input has one text whatever order a client wrote it in.
 * Only for what a schema has validated: plain objects, arrays, strings, numbers, booleans, null.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    // Put together by hand: every command is hashed, and a list of its fields costs more than their text.
    let text = "";
    if (Array.isArray(value)) {
      for (const item of value) text += `${text === "" ? "" : ","}${canonicalJson(item ?? null)}`;
      return `[${text}]`;
    }
    for (const key of Object.keys(value).sort()) {
      const field: unknown = (value as Record<string, unknown>)[key];
      if (field !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(field)}`;
    }
    return `{${text}}`;
  }
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`${typeof value} has no JSON`);
  return text;
}

/** LOG-4: what makes a repeat of a command id the same command: its type, its schema's version, who asks, and the input. */
export function commandHash(command: { type: string; version: number; actor: string; merchant: string; input: unknown }): string {
  return hash("sha256", canonicalJson(command));
}
