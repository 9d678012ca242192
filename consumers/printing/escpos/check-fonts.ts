import type { Bitmap } from "./bitmap.ts";
import { isBlack } from "./bitmap.ts";
import { drawText } from "./draw-text.ts";

/** None of these looks like a box, so that a box means: no font has it. */
export const SCRIPT_SAMPLES: Readonly<Record<string, string>> = {
  Latin: "R",
  Vietnamese: "ở",
  Cyrillic: "Ж",
  Greek: "Ω",
  Thai: "ก",
  Arabic: "ش",
  Hebrew: "ש",
  Devanagari: "क",
  Chinese: "粉",
  Japanese: "ぬ",
  Korean: "밥",
};

/** Scripts that would be printed as boxes or blanks. With no font nothing fails, so this is asked at start-up. */
export async function checkFonts(samples: Readonly<Record<string, string>> = SCRIPT_SAMPLES): Promise<string[]> {
  const missing: string[] = [];
  for (const [script, sample] of Object.entries(samples)) {
    const drawn = await drawText(sample, { width: 2, height: 2, bold: false }, 300);
    if (isBoxOrBlank(drawn)) missing.push(script);
  }
  return missing;
}

/** A missing glyph is a frame (with its code in it): all four edges of the ink are nearly solid. */
function isBoxOrBlank(bitmap: Bitmap): boolean {
  let left = bitmap.width;
  let right = -1;
  let top = bitmap.height;
  let bottom = -1;
  for (let y = 0; y < bitmap.height; y++) {
    for (let x = 0; x < bitmap.width; x++) {
      if (!isBlack(bitmap, x, y)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return true;
  const solidRow = (y: number) => share(left, right, (x) => isBlack(bitmap, x, y)) > 0.9;
  const solidColumn = (x: number) => share(top, bottom, (y) => isBlack(bitmap, x, y)) > 0.9;
  return solidRow(top) && solidRow(bottom) && solidColumn(left) && solidColumn(right);
}

function share(from: number, to: number, black: (at: number) => boolean): number {
  let count = 0;
  for (let at = from; at <= to; at++) if (black(at)) count++;
  return count / (to - from + 1);
}
