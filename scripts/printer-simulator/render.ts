import sharp from "sharp";
import type { Paper, PaperLine, PaperRun } from "./paper.ts";
import { qrModules } from "#shared/qr/qr-code.ts";

const MARGIN = 28;
const LETTER = 12;
const LETTER_HEIGHT = 24;
const LINE_SPACING = 30;
/** DejaVu Sans Mono is 0.602 em wide: this size makes a letter 12 dots. */
const FONT_SIZE = 19.93;
const INK = "#1d1b19";
const PAPER_COLOR = "#fdfcf8";

type Picture = { readonly input: Buffer; readonly left: number; readonly top: number };

/** The slip as a picture of the paper, one pixel a dot. */
export async function renderPaper(paper: Paper, dots: number): Promise<Buffer> {
  const shapes: string[] = [];
  const pictures: Picture[] = [];
  let y = MARGIN;
  for (const line of paper.lines) y += await drawLine(line, dots, y, shapes, pictures);
  const width = dots + MARGIN * 2;
  const height = Math.max(y + MARGIN, MARGIN * 3);
  const edge = paper.cut ? "" : tornEdge(width, height);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${PAPER_COLOR}"/><g font-family="DejaVu Sans Mono, Liberation Mono, monospace" font-size="${FONT_SIZE}">${shapes.join("")}</g>${edge}</svg>`;
  return sharp(Buffer.from(svg)).composite(pictures).png({ palette: true, colours: 16 }).toBuffer();
}

async function drawLine(line: PaperLine, dots: number, y: number, shapes: string[], pictures: Picture[]): Promise<number> {
  switch (line.kind) {
    case "space":
      return line.dots;
    case "text":
      return drawText(line.runs, dots, line.align, y, shapes);
    case "picture": {
      const input = await picture(line.rows, line.width, line.height, Math.min(line.width, dots));
      pictures.push({ input, left: MARGIN + offset(Math.min(line.width, dots), dots, line.align), top: y });
      return line.height;
    }
    case "qr":
      return drawQr(line.content, line.module, dots, line.align, y, shapes);
  }
}

function drawText(runs: readonly PaperRun[], dots: number, align: string, y: number, shapes: string[]): number {
  const tallest = Math.max(...runs.map((run) => run.height));
  const width = runs.reduce((sum, run) => sum + letters(run.text) * LETTER * run.width, 0);
  let x = MARGIN + offset(width, dots, align);
  const bottom = y + LETTER_HEIGHT * tallest;
  for (const run of runs) {
    const runWidth = letters(run.text) * LETTER * run.width;
    const top = bottom - LETTER_HEIGHT * run.height;
    if (run.invert) shapes.push(`<rect x="${x}" y="${top}" width="${runWidth}" height="${LETTER_HEIGHT * run.height}" fill="${INK}"/>`);
    for (const word of words(run.text)) {
      const left = x + word.at * LETTER * run.width;
      shapes.push(
        `<text transform="translate(${left} ${top + 19 * run.height}) scale(${run.width} ${run.height})" fill="${run.invert ? PAPER_COLOR : INK}" font-weight="${run.bold ? 700 : 400}">${escapeXml(word.text)}</text>`,
      );
    }
    x += runWidth;
  }
  return Math.max(LINE_SPACING, LETTER_HEIGHT * tallest + 6);
}

function drawQr(content: string, module: number, dots: number, align: string, y: number, shapes: string[]): number {
  const rows = qrModules(content);
  const size = rows.length * module;
  const left = MARGIN + offset(size, dots, align);
  rows.forEach((row, r) =>
    row.forEach((dark, c) => {
      if (dark) shapes.push(`<rect x="${left + c * module}" y="${y + r * module}" width="${module}" height="${module}" fill="${INK}"/>`);
    }),
  );
  return size + LINE_SPACING;
}

function picture(rows: Uint8Array, width: number, height: number, shown: number): Promise<Buffer> {
  const stride = (width + 7) >> 3;
  const pixels = Buffer.alloc(shown * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < shown; x++) {
      if (((rows[y * stride + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) === 0) continue;
      pixels.writeUInt32BE(0x1d1b19ff, (y * shown + x) * 4);
    }
  }
  return sharp(pixels, { raw: { width: shown, height, channels: 4 } }).png().toBuffer();
}

function offset(width: number, dots: number, align: string): number {
  if (align === "center") return Math.max(Math.floor((dots - width) / 2), 0);
  return align === "right" ? Math.max(dots - width, 0) : 0;
}

function letters(text: string): number {
  return [...text].length;
}

function words(text: string): { text: string; at: number }[] {
  const found: { text: string; at: number }[] = [];
  [...text].forEach((letter, at) => {
    if (letter === " ") return;
    const last = found.at(-1);
    if (last && last.at + letters(last.text) === at) last.text += letter;
    else found.push({ text: letter, at });
  });
  return found;
}

function tornEdge(width: number, height: number): string {
  const teeth = Array.from({ length: Math.ceil(width / 14) + 1 }, (_, i) => `${i * 14},${height - (i % 2 === 0 ? 0 : 10)}`);
  return `<polygon points="0,${height} ${teeth.join(" ")} ${width},${height}" fill="#c9c4ba"/>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
