/** QR model 2, byte mode, error correction M, versions 1 to 13: as much as a slip holds. Mask 0 always, which every reader accepts. */
type Version = { readonly total: number; readonly ecPerBlock: number; readonly blocks: number; readonly centers: readonly number[] };

const VERSIONS: readonly Version[] = [
  { total: 26, ecPerBlock: 10, blocks: 1, centers: [] },
  { total: 44, ecPerBlock: 16, blocks: 1, centers: [6, 18] },
  { total: 70, ecPerBlock: 26, blocks: 1, centers: [6, 22] },
  { total: 100, ecPerBlock: 18, blocks: 2, centers: [6, 26] },
  { total: 134, ecPerBlock: 24, blocks: 2, centers: [6, 30] },
  { total: 172, ecPerBlock: 16, blocks: 4, centers: [6, 34] },
  { total: 196, ecPerBlock: 18, blocks: 4, centers: [6, 22, 38] },
  { total: 242, ecPerBlock: 22, blocks: 4, centers: [6, 24, 42] },
  { total: 292, ecPerBlock: 22, blocks: 5, centers: [6, 26, 46] },
  { total: 346, ecPerBlock: 26, blocks: 5, centers: [6, 28, 50] },
  { total: 404, ecPerBlock: 30, blocks: 5, centers: [6, 30, 54] },
  { total: 466, ecPerBlock: 22, blocks: 8, centers: [6, 32, 58] },
  { total: 532, ecPerBlock: 22, blocks: 9, centers: [6, 34, 62] },
];

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = x;
  EXP[i + 255] = x;
  LOG[x] = i;
  x = x & 0x80 ? (x << 1) ^ 0x11d : x << 1;
}

/** Rows of modules, true is dark. Content beyond version 13 is cut, as on a printer whose symbol does not fit. */
export function qrModules(content: string): boolean[][] {
  const data = new TextEncoder().encode(content);
  const number = VERSIONS.findIndex((version, i) => data.length <= capacity(version, i + 1)) + 1 || VERSIONS.length;
  const version = VERSIONS[number - 1] as Version;
  const words = codewords(data.subarray(0, capacity(version, number)), version, number);
  return place(words, version, number);
}

function dataWords(version: Version): number {
  return version.total - version.ecPerBlock * version.blocks;
}

function capacity(version: Version, number: number): number {
  return dataWords(version) - (number < 10 ? 2 : 3);
}

function codewords(data: Uint8Array, version: Version, number: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  put(4, 4);
  put(data.length, number < 10 ? 8 : 16);
  for (const byte of data) put(byte, 8);
  put(0, Math.min(4, dataWords(version) * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const words: number[] = [];
  for (let i = 0; i < bits.length; i += 8) words.push(bits.slice(i, i + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
  for (let i = 0; words.length < dataWords(version); i++) words.push(i % 2 === 0 ? 0xec : 0x11);
  return interleave(words, version);
}

/** The first blocks are one word shorter where the words do not divide. */
function interleave(words: readonly number[], version: Version): number[] {
  const short = Math.floor(words.length / version.blocks);
  const longer = words.length % version.blocks;
  const blocks: { data: number[]; ec: number[] }[] = [];
  let at = 0;
  for (let i = 0; i < version.blocks; i++) {
    const length = short + (i >= version.blocks - longer ? 1 : 0);
    const data = words.slice(at, at + length);
    blocks.push({ data, ec: errorCorrection(data, version.ecPerBlock) });
    at += length;
  }
  const out: number[] = [];
  for (let i = 0; i <= short; i++) for (const block of blocks) if (i < block.data.length) out.push(block.data[i] ?? 0);
  for (let i = 0; i < version.ecPerBlock; i++) for (const block of blocks) out.push(block.ec[i] ?? 0);
  return out;
}

function errorCorrection(data: readonly number[], length: number): number[] {
  let generator = [1];
  for (let i = 0; i < length; i++) {
    const next = new Array<number>(generator.length + 1).fill(0);
    generator.forEach((coefficient, j) => {
      next[j] = (next[j] ?? 0) ^ coefficient;
      next[j + 1] = (next[j + 1] ?? 0) ^ multiply(coefficient, EXP[i] ?? 1);
    });
    generator = next;
  }
  const remainder = [...data, ...new Array<number>(length).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = remainder[i] ?? 0;
    if (factor === 0) continue;
    generator.forEach((coefficient, j) => (remainder[i + j] = (remainder[i + j] ?? 0) ^ multiply(coefficient, factor)));
  }
  return remainder.slice(data.length);
}

function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0);
}

function place(words: readonly number[], version: Version, number: number): boolean[][] {
  const size = 17 + number * 4;
  const dark = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const taken = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const set = (row: number, column: number, value: boolean) => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    (dark[row] as boolean[])[column] = value;
    (taken[row] as boolean[])[column] = true;
  };
  finderPatterns(set, size);
  for (let i = 8; i < size - 8; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const row of version.centers) {
    for (const column of version.centers) if (!taken[row]?.[column] || row === 6 || column === 6) alignmentPattern(set, row, column, size);
  }
  formatAndVersion(set, size, number);
  fill(words, dark, taken, size);
  return dark;
}

type SetModule = (row: number, column: number, value: boolean) => void;

function finderPatterns(set: SetModule, size: number): void {
  for (const [top, left] of [[0, 0], [0, size - 7], [size - 7, 0]] as const) {
    for (let r = -1; r <= 7; r++) {
      for (let c = -1; c <= 7; c++) {
        const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
        set(top + r, left + c, ring !== 2 && ring !== 4);
      }
    }
  }
}

function alignmentPattern(set: SetModule, row: number, column: number, size: number): void {
  const nearFinder = (row < 9 && column < 9) || (row < 9 && column > size - 10) || (row > size - 10 && column < 9);
  if (nearFinder) return;
  for (let r = -2; r <= 2; r++) for (let c = -2; c <= 2; c++) set(row + r, column + c, Math.max(Math.abs(r), Math.abs(c)) !== 1);
}

function formatAndVersion(set: SetModule, size: number, number: number): void {
  const format = bch(0, 10, 0x537) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const bit = ((format >> i) & 1) === 1;
    if (i < 6) set(i, 8, bit);
    else if (i < 8) set(i + 1, 8, bit);
    else set(size - 15 + i, 8, bit);
    if (i < 8) set(8, size - 1 - i, bit);
    else if (i === 8) set(8, 7, bit);
    else set(8, 14 - i, bit);
  }
  set(size - 8, 8, true);
  if (number < 7) return;
  const version = bch(number, 12, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const bit = ((version >> i) & 1) === 1;
    set(Math.floor(i / 3), size - 11 + (i % 3), bit);
    set(size - 11 + (i % 3), Math.floor(i / 3), bit);
  }
}

function bch(value: number, bits: number, generator: number): number {
  let rest = value << bits;
  for (let i = 31 - Math.clz32(rest); i >= bits; i = 31 - Math.clz32(rest)) rest ^= generator << (i - bits);
  return (value << bits) | rest;
}

function fill(words: readonly number[], dark: boolean[][], taken: readonly boolean[][], size: number): void {
  let bit = 0;
  for (let right = size - 1, upwards = true; right > 0; right -= 2, upwards = !upwards) {
    if (right === 6) right--;
    for (let step = 0; step < size; step++) {
      const row = upwards ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (taken[row]?.[column]) continue;
        const value = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        (dark[row] as boolean[])[column] = value !== ((row + column) % 2 === 0);
        bit++;
      }
    }
  }
}
