import type { Bitmap } from "./bitmap.ts";
import { bands, blankBitmap, inverted, rowBytes, stamp } from "./bitmap.ts";
import * as command from "./commands.ts";
import type { DrawText } from "./draw-text.ts";
import { textDrawer } from "./draw-text.ts";
import type { MemoryPrinter } from "./memory-printer.ts";
import { encodable, isAscii, memoryPrinter } from "./memory-printer.ts";
import type { PrinterProfile } from "./profiles.ts";
import type { Align, Cell, ColumnsLine, Slip, SlipLine, Style, TextLine } from "./slip.ts";
import { SCALE } from "./slip.ts";
import { cutToWidth, pad, printable, printableLines, wrap } from "./text-layout.ts";

/** Text that never came from a person may be longer than paper; a note of a megabyte must not. */
const LONGEST_TEXT = 2000;
/** Letters of the drawing font are narrower than the printer's: drawn at 1x2 they would be hard to read. */
const DRAWN_TALL_WIDTH = 1.35;
const ESCPOS_ALIGN = { left: "LT", center: "CT", right: "RT" } as const;
const drawWithMemory = textDrawer();

/** A piece of one printed row: `left` and `width` in columns of the line's size. */
type Piece = { readonly text: string; readonly left: number; readonly width: number; readonly align: Align };

/** The bytes of a slip for one printer, from ESC @ to the cut. Everything that is not ASCII or in a code page of the profile is drawn. */
export async function buildSlip(slip: Slip, profile: PrinterProfile, draw: DrawText = drawWithMemory): Promise<Uint8Array> {
  const memory = memoryPrinter();
  memory.printer.print(command.INIT);
  if (profile.status.automatic) memory.printer.print(command.AUTOMATIC_STATUS_ON);
  for (const line of slip.lines) await writeLine(memory, line, profile, draw);
  return memory.bytes();
}

async function writeLine(memory: MemoryPrinter, line: SlipLine, profile: PrinterProfile, draw: DrawText): Promise<void> {
  const { printer } = memory;
  switch (line.kind) {
    case "text":
      return writeText(memory, line, profile, draw);
    case "columns":
      return writeColumns(memory, line, profile, draw);
    case "rule":
      printer.align("LT").text((line.with ?? "-").repeat(profile.columns), "ascii");
      return;
    case "feed":
      printer.feed(Math.min(Math.max(Math.trunc(line.lines), 1), 20));
      return;
    case "qr":
      printer.align("CT").print(command.qrCode(printable(line.content).slice(0, 600), Math.min(Math.max(line.module ?? 6, 3), 8)));
      printer.align("LT");
      return;
    case "cut":
      if (profile.cutter) printer.print(command.CUT);
      else printer.feed(4);
      return;
    case "drawer":
      printer.print(command.drawerKick(line.pin));
      return;
    case "buzzer":
      if (profile.buzzer !== "none") printer.print(command.buzz(profile.buzzer, line.times));
      return;
  }
}

async function writeText(memory: MemoryPrinter, line: TextLine, profile: PrinterProfile, draw: DrawText): Promise<void> {
  const columns = columnsOf(profile, line);
  const indent = Math.min(line.indent ?? 0, columns - 4);
  const align = line.align ?? "left";
  for (const typed of printableLines(line.text.slice(0, LONGEST_TEXT))) {
    for (const text of wrap(typed, columns - indent)) {
      const piece = { text, left: indent, width: columns - indent, align };
      const page = line.drawn ? undefined : pageFor(text, profile);
      if (page === undefined) await drawRow(memory, [piece], line, profile, draw);
      else writeRow(memory, " ".repeat(indent) + text, page, line, align);
    }
  }
}

async function writeColumns(memory: MemoryPrinter, line: ColumnsLine, profile: PrinterProfile, draw: DrawText): Promise<void> {
  for (const pieces of columnRows(line.cells, columnsOf(profile, line))) {
    const page = pageFor(pieces.map((piece) => piece.text).join(""), profile);
    if (page === undefined) {
      await drawRow(memory, pieces, line, profile, draw);
      continue;
    }
    let row = "";
    for (const piece of pieces) row = pad(row, piece.left, "left") + pad(piece.text, piece.width, piece.align);
    writeRow(memory, row.trimEnd(), page, line, "left");
  }
}

/** Rows of a columns line: fixed cells stand in the first row, the cell without a width wraps. One column lies between cells. */
function columnRows(cells: readonly Cell[], columns: number): Piece[][] {
  const fixed = cells.reduce((sum, cell) => sum + (cell.width ?? 0), 0);
  const flexible = Math.max(columns - fixed - (cells.length - 1), 4);
  const rows: Piece[][] = [[]];
  let left = 0;
  for (const cell of cells) {
    const width = cell.width ?? flexible;
    const typed = printableLines(cell.text.slice(0, LONGEST_TEXT));
    const texts = cell.width === undefined ? typed.flatMap((text) => wrap(text, width)) : [cutToWidth(typed.join(" "), width)];
    texts.forEach((text, at) => (rows[at] ??= []).push({ text, left, width, align: cell.align ?? "left" }));
    left += width + 1;
  }
  return rows;
}

/** The code page to print with: null stands for plain ASCII, undefined for "draw it". */
function pageFor(text: string, profile: PrinterProfile): { number: number; encoding: string } | null | undefined {
  if (isAscii(text)) return null;
  return profile.codePages.find((page) => encodable(text, page.encoding));
}

function writeRow(
  memory: MemoryPrinter,
  text: string,
  page: { number: number; encoding: string } | null,
  style: Style,
  align: Align,
): void {
  const { printer } = memory;
  const scale = SCALE[style.size ?? "normal"];
  printer.align(ESCPOS_ALIGN[align]);
  if (page) printer.print(command.selectCodePage(page.number));
  if (style.size && style.size !== "normal") printer.print(command.characterSize(scale.width, scale.height));
  if (style.bold) printer.print(command.bold(true));
  if (style.invert) printer.print(command.invert(true));
  printer.text(text, page?.encoding ?? "ascii");
  if (style.invert) printer.print(command.invert(false));
  if (style.bold) printer.print(command.bold(false));
  if (style.size && style.size !== "normal") printer.print(command.characterSize(1, 1));
  if (page) printer.print(command.selectCodePage(0));
}

async function drawRow(
  memory: MemoryPrinter,
  pieces: readonly Piece[],
  style: Style,
  profile: PrinterProfile,
  draw: DrawText,
): Promise<void> {
  const scale = SCALE[style.size ?? "normal"];
  const columnDots = (profile.dots / profile.columns) * scale.width;
  const drawnWidth = style.size === "tall" ? DRAWN_TALL_WIDTH : scale.width;
  const drawn: { picture: Bitmap; left: number }[] = [];
  for (const piece of pieces) {
    const room = Math.floor(piece.width * columnDots);
    const picture = await draw(piece.text, { width: drawnWidth, height: scale.height, bold: style.bold ?? false }, room);
    const space = Math.max(room - picture.width, 0);
    const before = piece.align === "right" ? space : piece.align === "center" ? Math.floor(space / 2) : 0;
    drawn.push({ picture, left: Math.round(piece.left * columnDots) + before });
  }
  const height = drawn.reduce((highest, { picture }) => Math.max(highest, picture.height), 1);
  const row = blankBitmap(profile.dots, height);
  for (const { picture, left } of drawn) stamp(row, picture, left, 0);
  memory.printer.align("LT");
  const picture = style.invert ? inverted(row) : row;
  for (const band of bands(picture)) {
    memory.printer.print(command.rasterBand(rowBytes(picture.width), band.height, band.rows));
  }
}

function columnsOf(profile: PrinterProfile, style: Style): number {
  return Math.floor(profile.columns / SCALE[style.size ?? "normal"].width);
}
