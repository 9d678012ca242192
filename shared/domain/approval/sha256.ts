/** The first 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4), found with whole numbers only. */
function fractions(count: number, root: 2n | 3n): readonly number[] {
  const found: number[] = [];
  for (let prime = 2n; found.length < count; prime++) {
    let divides = false;
    for (let d = 2n; d * d <= prime; d++) divides ||= prime % d === 0n;
    if (!divides) found.push(Number(rootOf(prime << (32n * root), root) & 0xffffffffn));
  }
  return found;
}

function rootOf(value: bigint, root: 2n | 3n): bigint {
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** root <= value) low = middle;
    else high = middle;
  }
  return low;
}

const INITIAL = fractions(8, 2n);
const ROUNDS = fractions(64, 3n);

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));

function padded(text: string): DataView {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(new ArrayBuffer((((bytes.length + 8) >> 6) + 1) << 6));
  bytes.forEach((byte, i) => view.setUint8(i, byte));
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(view.byteLength - 8, BigInt(bytes.length) * 8n);
  return view;
}

function scheduled(view: DataView, block: number): Int32Array {
  const words = new Int32Array(64);
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + i * 4);
  for (let i = 16; i < 64; i++) {
    const [a, b] = [words[i - 15] ?? 0, words[i - 2] ?? 0];
    const small0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const small1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    words[i] = ((words[i - 16] ?? 0) + small0 + (words[i - 7] ?? 0) + small1) | 0;
  }
  return words;
}

/** SHA-256 of a text's UTF-8 as 64 hex digits. The domain runs in browsers too, where hashing is not synchronous. */
export function sha256(text: string): string {
  const view = padded(text);
  const hash = Int32Array.from(INITIAL);
  for (let block = 0; block < view.byteLength; block += 64) {
    const words = scheduled(view, block);
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
    for (let i = 0; i < 64; i++) {
      const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const first = (h + big1 + ((e & f) ^ (~e & g)) + (ROUNDS[i] ?? 0) + (words[i] ?? 0)) | 0;
      const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (hash[i] = ((hash[i] ?? 0) + word) | 0));
  }
  return [...hash].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
