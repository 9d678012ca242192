import sharp from "sharp";
import type { Bitmap } from "./bitmap.ts";
import { blankBitmap, setBlack } from "./bitmap.ts";

/** Dots of one text line at normal size: room for Vietnamese and Thai marks above and below. */
const LINE_DOTS = 34;
const FONT_DOTS = 22;
const BASELINE = 25;
const FAMILIES =
  "Noto Sans, Noto Sans CJK SC, Noto Sans Thai, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans Devanagari, DejaVu Sans, sans-serif";
const REMEMBERED = 500;

export type DrawnStyle = { readonly width: number; readonly height: number; readonly bold: boolean };

/** Draws one line of text; the picture is as wide as its ink and never wider than `maxDots`. */
export type DrawText = (text: string, style: DrawnStyle, maxDots: number) => Promise<Bitmap>;

/** Names of dishes come again and again: the last pictures are kept. */
export function textDrawer(): DrawText {
  const kept = new Map<string, Bitmap>();
  return async (text, style, maxDots) => {
    const key = `${style.width}x${style.height}${style.bold ? "b" : ""}|${maxDots}|${text}`;
    const seen = kept.get(key);
    if (seen) {
      kept.delete(key);
      kept.set(key, seen);
      return seen;
    }
    const bitmap = await drawText(text, style, maxDots);
    kept.set(key, bitmap);
    if (kept.size > REMEMBERED) kept.delete(kept.keys().next().value ?? key);
    return bitmap;
  };
}

export async function drawText(text: string, style: DrawnStyle, maxDots: number): Promise<Bitmap> {
  const height = LINE_DOTS * style.height;
  if (text.trim() === "") return blankBitmap(1, height);
  const free = await ink(text, style, maxDots * 2, 1);
  if (free.inkWidth <= maxDots) return toBitmap(free, Math.max(free.inkWidth, 1));
  const squeezed = await ink(text, style, maxDots * 2, maxDots / free.inkWidth);
  return toBitmap(squeezed, Math.min(Math.max(squeezed.inkWidth, 1), maxDots));
}

type Ink = { readonly grey: Uint8Array; readonly stride: number; readonly height: number; readonly inkWidth: number };

async function ink(text: string, style: DrawnStyle, canvas: number, squeeze: number): Promise<Ink> {
  const height = LINE_DOTS * style.height;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${canvas}" height="${height}">
<rect width="100%" height="100%" fill="#fff"/>
<text transform="scale(${(style.width * squeeze).toFixed(4)} ${style.height})" x="0" y="${BASELINE}" font-family="${FAMILIES}" font-size="${FONT_DOTS}" font-weight="${style.bold ? 700 : 500}" xml:space="preserve">${escapeXml(text)}</text>
</svg>`;
  const grey = await sharp(Buffer.from(svg)).greyscale().raw().toBuffer();
  let inkWidth = 0;
  for (let y = 0; y < height; y++) {
    for (let x = canvas - 1; x >= inkWidth; x--) {
      if (isDark(grey[y * canvas + x])) {
        inkWidth = x + 1;
        break;
      }
    }
  }
  return { grey, stride: canvas, height, inkWidth };
}

function toBitmap(from: Ink, width: number): Bitmap {
  const bitmap = blankBitmap(width, from.height);
  for (let y = 0; y < from.height; y++) {
    for (let x = 0; x < width; x++) {
      if (isDark(from.grey[y * from.stride + x])) setBlack(bitmap, x, y);
    }
  }
  return bitmap;
}

/** A thermal head has no grey: a little under the middle keeps thin strokes. */
function isDark(grey: number | undefined): boolean {
  return (grey ?? 255) < 150;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
