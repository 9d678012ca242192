/**
 * Postgres holds neither NUL nor half of a surrogate pair, and one such character would fail a whole batch (LOG-3).
 * Doors of the hub refuse them as bad input; the log throws, so that a door which forgot is found.
 */
export class MalformedText extends Error {
  override readonly name = "MalformedText";
  readonly field: string;

  constructor(field: string) {
    super(`${field} holds a NUL or a lone surrogate`);
    this.field = field;
  }
}

const NAME = /^[^\u0000-\u001f]+$/;

export function isWellFormed(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Ids, kinds and parts: something, and no control characters, which separate them on their way to the database. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** As JSON.stringify writes it, judged by what would break the transport. */
export function isJsonText(text: string): boolean {
  return text !== "" && !/[\u0001-\u001f]/.test(text);
}

export function requireWellFormed(field: string, text: string): string {
  if (!isWellFormed(text)) throw new MalformedText(field);
  return text;
}

/** JSON.stringify writes both as escapes: a NUL as \u0000, a lone surrogate as \ud…; pairs stay as they are. */
const ESCAPED = /\\(?:\\|u(0000|d[89a-f]))/g;

/** The JSON text of a value that Postgres can hold as json. */
export function wellFormedJson(field: string, value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  if (text.includes("\\u")) {
    for (const match of text.matchAll(ESCAPED)) {
      if (match[1] !== undefined) throw new MalformedText(field);
    }
  }
  return text;
}
