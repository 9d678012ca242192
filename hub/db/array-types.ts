/**
 * Arrays of the built-in types, known beforehand. postgres.js would ask each new connection for them, and a connection
 * that dies meanwhile ends the process: nobody waits for that question's answer. Its own parser also gives "NULL" for
 * a null.
 */
const ARRAY_OF: Readonly<Record<number, number>> = {
  16: 1000, // boolean
  17: 1001, // bytea
  18: 1002, // "char"
  19: 1003, // name
  20: 1016, // bigint
  21: 1005, // smallint
  23: 1007, // integer
  25: 1009, // text
  26: 1028, // oid
  114: 199, // json
  700: 1021, // real
  701: 1022, // double precision
  1043: 1015, // varchar
  1082: 1182, // date
  1114: 1115, // timestamp
  1184: 1185, // timestamptz
  1700: 1231, // numeric
  2205: 2210, // regclass
  2950: 2951, // uuid
  3802: 3807, // jsonb
};

type Parse = (text: string) => unknown;
type Serialize = (value: unknown) => unknown;
type Handlers = {
  readonly parsers: Record<number, Parse>;
  readonly serializers: Record<number, Serialize>;
  readonly shared: { readonly typeArrayMap: Record<number, number> };
};

/** `options` of a postgres.js pool, which its connections share. */
export function addArrayTypes(options: object): void {
  const { parsers, serializers, shared } = options as Handlers;
  for (const [element, array] of Object.entries(ARRAY_OF)) {
    const parse = parsers[Number(element)] ?? ((text: string) => text);
    const serialize = serializers[Number(element)] ?? String;
    shared.typeArrayMap[Number(element)] = array;
    parsers[array] = (text) => parseArray(text, parse);
    serializers[array] = (value) => (Array.isArray(value) ? serializeArray(value, serialize) : value);
  }
}

export function serializeArray(values: readonly unknown[], serialize: Serialize): string {
  const elements = values.map((value) => {
    if (value === null || value === undefined) return "NULL";
    if (Array.isArray(value)) return serializeArray(value, serialize);
    return `"${String(serialize(value)).replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${elements.join(",")}}`;
}

/** One token: an opening or a closing brace, a quoted element, or a bare one. */
const TOKEN = /[{}]|"((?:[^"\\]|\\.)*)"|([^{},"]+)/gsy;

export function parseArray(text: string, parse: (text: string) => unknown): unknown[] {
  const root: unknown[] = [];
  const open: unknown[][] = [root];
  // Bounds that differ from 1 come before the braces: [0:2]={a,b,c}.
  TOKEN.lastIndex = text.indexOf("{");
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    if (token === null) throw new Error(`not an array of Postgres: ${text.slice(0, 100)}`);
    const [all, quoted, bare] = token;
    if (all === "{") {
      const array: unknown[] = [];
      open.at(-1)?.push(array);
      open.push(array);
    } else if (all === "}") {
      open.pop();
    } else if (quoted !== undefined) {
      open.at(-1)?.push(parse(quoted.replace(/\\(.)/gs, "$1")));
    } else if (bare !== undefined) {
      open.at(-1)?.push(bare === "NULL" ? null : parse(bare));
    }
    if (text[TOKEN.lastIndex] === ",") TOKEN.lastIndex++;
  }
  return root[0] as unknown[];
}
