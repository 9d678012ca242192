import { TRPCError } from "@trpc/server";
import { DoorRefusal } from "./refusal.ts";

/** No input of ours is nested deeper; beyond it a recursive schema could exhaust the stack. */
const MAX_DEPTH = 64;
/** A small body can name one value many times over (superjson's references); this bounds what a schema walks. */
const MAX_NODES = 200_000;

function badRequest(refused: string, field?: string): TRPCError {
  const cause = new DoorRefusal(refused, field);
  return new TRPCError({ code: "BAD_REQUEST", message: cause.message, cause });
}

/** The JSON of a request, before the transformer. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest("malformed-json");
  }
  inspect(value, { texts: false });
  return value;
}

/** One call's input as the procedure gets it. */
export function deserializeInput(deserialize: (value: unknown) => unknown, wire: unknown): unknown {
  let value: unknown;
  try {
    value = deserialize(wire);
  } catch {
    throw badRequest("malformed-input");
  }
  inspect(value, { texts: true });
  return value;
}

function isBroken(text: string): boolean {
  return text.includes("\0") || !text.isWellFormed();
}

/**
 * Refuses what no schema should have to meet: keys that reach a prototype, NUL and lone surrogates in text (LOG-3),
 * bottomless nesting and cycles. Texts are looked at once the transformer has put them in their places, so that the field's name is right.
 */
function inspect(root: unknown, look: { readonly texts: boolean }): void {
  const path: string[] = [];
  let nodes = 0;
  const field = () => path.join(".");
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      if (look.texts && isBroken(value)) throw badRequest("broken-text", field());
      return;
    }
    if (typeof value !== "object" || value === null) return;
    if (path.length > MAX_DEPTH || ++nodes > MAX_NODES) throw badRequest("too-deep");
    if (value instanceof Map) within([...value].flat());
    else if (value instanceof Set) within([...value]);
    else within(value as Record<string, unknown>);
  };
  const within = (value: Record<string, unknown> | readonly unknown[]): void => {
    for (const key of Object.keys(value)) {
      path.push(key);
      if (key === "__proto__") throw badRequest("forbidden-key", field());
      if (isBroken(key)) throw badRequest("broken-text");
      visit((value as Record<string, unknown>)[key]);
      path.pop();
    }
  };
  visit(root);
}

export type Query = { readonly batch: boolean; readonly input: string | undefined };

/** Strict percent-decoding: URLSearchParams would put replacement characters for broken UTF-8. */
export function parseQuery(query: string): Query {
  let batch = false;
  let input: string | undefined;
  for (const pair of query.split("&")) {
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    const value = at < 0 ? "" : pair.slice(at + 1);
    if (name === "batch") batch = value === "1";
    else if (name === "input") input = decode(value);
  }
  return { batch, input };
}

/** `/trpc/order.add,order.send` with the prefix `/trpc/`: the procedures' paths. */
export function parsePaths(path: string, prefix: string, batch: boolean, maxBatch: number): readonly string[] {
  const name = decode(path.slice(prefix.length));
  if (!batch) return [name];
  const paths = name.split(",");
  if (paths.length > maxBatch) throw badRequest("batch-too-large");
  return paths;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw badRequest("bad-encoding");
  }
}
