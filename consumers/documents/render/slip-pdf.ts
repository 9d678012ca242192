import PDFDocument from "pdfkit";
import { SCALE, type Cell, type Slip, type SlipLine } from "#consumers/printing/escpos/slip.ts";
import { collect } from "./collect.ts";
import { Pen } from "./pen.ts";

/** 80 mm paper with its 72 mm of print, 48 letters of the printer's small font across. */
const WIDTH = 226.8;
const MARGIN = 11.4;
const INNER = WIDTH - 2 * MARGIN;
const COLUMNS = 48;
const SIZE = 8;
const LINE = 11;

function scaleOf(line: SlipLine): number {
  return "size" in line && line.size !== undefined ? SCALE[line.size].height * 0.75 + 0.25 : 1;
}

function textsOf(line: SlipLine): readonly string[] {
  return line.kind === "text" ? [line.text] : line.kind === "columns" ? line.cells.map(({ text }) => text) : [];
}

function heightOf(line: SlipLine): number {
  if (line.kind === "text" || line.kind === "columns") return LINE * scaleOf(line);
  if (line.kind === "rule") return LINE * 0.7;
  return line.kind === "feed" ? (LINE * line.lines) / 2 : 0;
}

/** The same lines as on the till's paper, as one page of its length. What is for the machine (cut, drawer) is not drawn. */
export async function slipPdf(slip: Slip): Promise<Uint8Array> {
  const measured = new Pen(new PDFDocument({ autoFirstPage: true }));
  await measured.learn(slip.lines.flatMap(textsOf));
  const lines = slip.lines.flatMap((line) => wrapped(line, measured));
  const height = lines.reduce((sum, line) => sum + heightOf(line), 0) + 2 * MARGIN;
  const doc = new PDFDocument({ size: [WIDTH, Math.max(height, 100)], margin: 0, info: { Producer: "Comanda", Creator: "Comanda" } });
  const bytes = collect(doc);
  const pen = new Pen(doc);
  await pen.learn(lines.flatMap(textsOf));
  let y = MARGIN;
  for (const line of lines) {
    draw(doc, pen, line, y);
    y += heightOf(line);
  }
  doc.end();
  return bytes;
}

type Doc = InstanceType<typeof PDFDocument>;

function draw(doc: Doc, pen: Pen, line: SlipLine, y: number): void {
  if (line.kind === "rule") doc.moveTo(MARGIN, y + LINE * 0.3).lineTo(WIDTH - MARGIN, y + LINE * 0.3).lineWidth(0.4).stroke();
  if (line.kind === "text") {
    const size = SIZE * scaleOf(line);
    const indent = ((line.indent ?? 0) * INNER) / COLUMNS;
    if (line.invert === true) {
      doc.rect(MARGIN, y - 1, INNER, size + 3).fill("black").fillColor("white");
      pen.write(line.text, MARGIN, y, INNER, { size, bold: true, align: line.align ?? "left" });
      doc.fillColor("black");
    } else pen.write(line.text, MARGIN + indent, y, INNER - indent, { size, bold: line.bold === true, align: line.align ?? "left" });
  }
  if (line.kind === "columns") drawCells(pen, line.cells, y, SIZE * scaleOf(line), line.bold === true);
}

function drawCells(pen: Pen, cells: readonly Cell[], y: number, size: number, bold: boolean): void {
  const unit = (INNER / COLUMNS) * (size / SIZE);
  const fixed = cells.reduce((sum, { width }) => sum + (width ?? 0), 0);
  let x = MARGIN;
  for (const { text, width, align } of cells) {
    const own = width === undefined ? INNER - fixed * unit : width * unit;
    pen.write(text, x, y, own, { size, bold, align: align ?? "left" });
    x += own;
  }
}

/** A text that is too long goes on in a line of its own, word by word. */
function wrapped(line: SlipLine, pen: Pen): readonly SlipLine[] {
  if (line.kind !== "text") return [line];
  const size = SIZE * scaleOf(line);
  const room = INNER - ((line.indent ?? 0) * INNER) / COLUMNS;
  if (pen.width(line.text, size, line.bold === true) <= room) return [line];
  const rows: string[] = [];
  for (const word of line.text.split(" ")) {
    const last = rows.at(-1);
    if (last !== undefined && pen.width(`${last} ${word}`, size, line.bold === true) <= room) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows.map((text) => ({ ...line, text }));
}
