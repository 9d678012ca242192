/** One command of ESC/POS, with its arguments, or a run of text. */
export type Token =
  | { readonly kind: "text"; readonly bytes: Uint8Array }
  | { readonly kind: "line-feed" }
  | { readonly kind: "init" }
  | { readonly kind: "real-time-status"; readonly n: number }
  | { readonly kind: "automatic-status"; readonly n: number }
  | { readonly kind: "transmit-status"; readonly n: number }
  | { readonly kind: "process-id"; readonly id: Uint8Array }
  | { readonly kind: "code-page"; readonly page: number }
  | { readonly kind: "align"; readonly n: number }
  | { readonly kind: "bold"; readonly on: boolean }
  | { readonly kind: "invert"; readonly on: boolean }
  | { readonly kind: "size"; readonly width: number; readonly height: number }
  | { readonly kind: "feed-lines"; readonly lines: number }
  | { readonly kind: "feed-dots"; readonly dots: number }
  | { readonly kind: "raster"; readonly widthBytes: number; readonly height: number; readonly rows: Uint8Array }
  | { readonly kind: "symbol"; readonly parameters: Uint8Array }
  | { readonly kind: "cut" }
  | { readonly kind: "drawer"; readonly pin: number }
  | { readonly kind: "buzzer" }
  /** Understood, and without a trace on the paper. */
  | { readonly kind: "setting" }
  | { readonly kind: "unknown"; readonly bytes: Uint8Array };

type Read = { readonly token: Token; readonly length: number } | undefined;

const DLE = 0x10;
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const SETTING: Token = { kind: "setting" };

/** Commands and their whole length where it is fixed and nothing shows on the paper. */
const ESC_SETTINGS: Readonly<Record<string, number>> = { "2": 2, "3": 3, M: 3, "-": 3, G: 3, R: 3, "{": 3, V: 3, "=": 3, r: 3, " ": 3, c: 4, $: 4, "\\": 4 };
const GS_SETTINGS: Readonly<Record<string, number>> = { L: 4, W: 4, P: 4, h: 3, w: 3, H: 3, f: 3, b: 3, I: 3 };

/** Takes bytes as they come from the socket and gives whole commands; what is incomplete waits. */
export class Tokenizer {
  #rest: Uint8Array = new Uint8Array(0);

  push(bytes: Uint8Array): Token[] {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const tokens: Token[] = [];
    let at = 0;
    while (at < all.length) {
      const read = readToken(all.subarray(at));
      if (!read) break;
      tokens.push(read.token);
      at += read.length;
    }
    this.#rest = all.slice(at);
    return tokens;
  }
}

function readToken(b: Uint8Array): Read {
  const first = b[0] ?? 0;
  if (first >= 0x20) {
    let end = 1;
    while (end < b.length && (b[end] ?? 0) >= 0x20) end++;
    return { token: { kind: "text", bytes: b.slice(0, end) }, length: end };
  }
  if (first === 0x0a) return { token: { kind: "line-feed" }, length: 1 };
  if (first === DLE) return realTime(b);
  if (first === ESC) return escape(b);
  if (first === FS) return b.length < 2 ? undefined : { token: SETTING, length: 2 };
  if (first === GS) return group(b);
  if (first === 0x0d || first === 0x09) return { token: SETTING, length: 1 };
  return { token: { kind: "unknown", bytes: b.slice(0, 1) }, length: 1 };
}

function realTime(b: Uint8Array): Read {
  const [, command, a, m] = b;
  if (command === undefined) return undefined;
  if (command === 0x04) return a === undefined ? undefined : { token: { kind: "real-time-status", n: a }, length: 3 };
  if (command === 0x05) return a === undefined ? undefined : { token: SETTING, length: 3 };
  if (command === 0x14) {
    if (b.length < 5) return undefined;
    return { token: a === 1 ? { kind: "drawer", pin: m === 0 ? 2 : 5 } : SETTING, length: 5 };
  }
  return { token: { kind: "unknown", bytes: b.slice(0, 2) }, length: 2 };
}

function escape(b: Uint8Array): Read {
  const [, command, n, m] = b;
  if (command === undefined) return undefined;
  const name = String.fromCharCode(command);
  if (name === "@") return { token: { kind: "init" }, length: 2 };
  if (name === "i" || name === "m") return { token: { kind: "cut" }, length: 2 };
  if (name === "*") return bitImage(b);
  if (name === "(") return counted(b, () => ({ kind: "buzzer" }));
  const fixed = ESC_SETTINGS[name];
  if (fixed !== undefined) return b.length < fixed ? undefined : { token: SETTING, length: fixed };
  if (n === undefined) return undefined;
  switch (name) {
    case "t":
      return { token: { kind: "code-page", page: n }, length: 3 };
    case "a":
      return { token: { kind: "align", n: n & 0x0f }, length: 3 };
    case "E":
      return { token: { kind: "bold", on: (n & 1) === 1 }, length: 3 };
    case "d":
      return { token: { kind: "feed-lines", lines: n }, length: 3 };
    case "J":
      return { token: { kind: "feed-dots", dots: n }, length: 3 };
    case "!":
      return { token: { kind: "size", width: n & 0x20 ? 2 : 1, height: n & 0x10 ? 2 : 1 }, length: 3 };
    case "B":
      return m === undefined ? undefined : { token: { kind: "buzzer" }, length: 4 };
    case "p":
      return b.length < 5 ? undefined : { token: { kind: "drawer", pin: n % 2 === 0 ? 2 : 5 }, length: 5 };
    default:
      return { token: { kind: "unknown", bytes: b.slice(0, 2) }, length: 2 };
  }
}

function group(b: Uint8Array): Read {
  const [, command, n] = b;
  if (command === undefined) return undefined;
  const name = String.fromCharCode(command);
  const fixed = GS_SETTINGS[name];
  if (fixed !== undefined) return b.length < fixed ? undefined : { token: SETTING, length: fixed };
  if (n === undefined) return undefined;
  switch (name) {
    case "!":
      return { token: { kind: "size", width: (n >> 4) + 1, height: (n & 0x0f) + 1 }, length: 3 };
    case "B":
      return { token: { kind: "invert", on: (n & 1) === 1 }, length: 3 };
    case "a":
      return { token: { kind: "automatic-status", n }, length: 3 };
    case "r":
      return { token: { kind: "transmit-status", n }, length: 3 };
    case "V":
      if (n !== 0x41 && n !== 0x42) return { token: { kind: "cut" }, length: 3 };
      return b.length < 4 ? undefined : { token: { kind: "cut" }, length: 4 };
    case "v":
      return rasterImage(b);
    case "(":
      return counted(b, extended);
    default:
      return { token: { kind: "unknown", bytes: b.slice(0, 2) }, length: 2 };
  }
}

function counted(b: Uint8Array, read: (name: string, parameters: Uint8Array) => Token): Read {
  const [, , letter, low, high] = b;
  if (letter === undefined || low === undefined || high === undefined) return undefined;
  const length = 5 + low + high * 256;
  if (b.length < length) return undefined;
  return { token: read(String.fromCharCode(letter), b.slice(5, length)), length };
}

function extended(name: string, parameters: Uint8Array): Token {
  if (name === "k") return { kind: "symbol", parameters };
  if (name === "H" && parameters[0] === 0x30 && parameters[1] === 0x30 && parameters.length === 6) {
    return { kind: "process-id", id: parameters.slice(2) };
  }
  return SETTING;
}

function rasterImage(b: Uint8Array): Read {
  if (b.length < 8) return undefined;
  const widthBytes = (b[4] ?? 0) + (b[5] ?? 0) * 256;
  const height = (b[6] ?? 0) + (b[7] ?? 0) * 256;
  const length = 8 + widthBytes * height;
  if (b.length < length) return undefined;
  return { token: { kind: "raster", widthBytes, height, rows: b.slice(8, length) }, length };
}

/** ESC *: columns of 8 or 24 dots, turned into rows. */
function bitImage(b: Uint8Array): Read {
  const [, , mode, low, high] = b;
  if (mode === undefined || low === undefined || high === undefined) return undefined;
  const width = low + high * 256;
  const height = mode >= 32 ? 24 : 8;
  const columnBytes = height / 8;
  const length = 5 + width * columnBytes;
  if (b.length < length) return undefined;
  const widthBytes = (width + 7) >> 3;
  const rows = new Uint8Array(widthBytes * height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const column = b[5 + x * columnBytes + (y >> 3)] ?? 0;
      if (column & (0x80 >> (y & 7))) rows[y * widthBytes + (x >> 3)] = (rows[y * widthBytes + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return { token: { kind: "raster", widthBytes, height, rows }, length };
}
