/** One bit a dot, rows padded to whole bytes, most significant bit left, 1 is black. */
export type Bitmap = { readonly width: number; readonly height: number; readonly rows: Uint8Array };

export const BAND_ROWS = 128;

export function blankBitmap(width: number, height: number): Bitmap {
  return { width, height, rows: new Uint8Array(rowBytes(width) * height) };
}

export function rowBytes(width: number): number {
  return (width + 7) >> 3;
}

export function isBlack(bitmap: Bitmap, x: number, y: number): boolean {
  const byte = bitmap.rows[y * rowBytes(bitmap.width) + (x >> 3)] ?? 0;
  return (byte & (0x80 >> (x & 7))) !== 0;
}

export function setBlack(bitmap: Bitmap, x: number, y: number): void {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return;
  const at = y * rowBytes(bitmap.width) + (x >> 3);
  bitmap.rows[at] = (bitmap.rows[at] ?? 0) | (0x80 >> (x & 7));
}

/** Copies the black dots of `from`; what lies outside is left out. */
export function stamp(onto: Bitmap, from: Bitmap, left: number, top: number): void {
  for (let y = 0; y < from.height; y++) {
    for (let x = 0; x < from.width; x++) {
      if (isBlack(from, x, y)) setBlack(onto, left + x, top + y);
    }
  }
}

export function inverted(bitmap: Bitmap): Bitmap {
  return { ...bitmap, rows: bitmap.rows.map((byte) => byte ^ 0xff) };
}

/** Bands for GS v 0: small enough for small buffers, and never a multiple of 48 rows high, which one model prints wrongly. */
export function bands(bitmap: Bitmap): { height: number; rows: Uint8Array }[] {
  const stride = rowBytes(bitmap.width);
  const result: { height: number; rows: Uint8Array }[] = [];
  for (let top = 0; top < bitmap.height; top += BAND_ROWS) {
    const height = Math.min(BAND_ROWS, bitmap.height - top);
    const rows = bitmap.rows.subarray(top * stride, (top + height) * stride);
    if (height % 48 !== 0) result.push({ height, rows });
    else result.push({ height: height + 1, rows: Buffer.concat([rows, new Uint8Array(stride)]) });
  }
  return result;
}
