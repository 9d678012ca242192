import PDFDocument from "pdfkit";
import { moneyText } from "#consumers/printing/slips/money-text.ts";
import type { Row, Table } from "../model.ts";
import { collect } from "./collect.ts";
import { Pen } from "./pen.ts";

const MARGIN = 36;
const SIZE = 8;
const LINE = 12;

/** A4 across, a head on every page, page numbers. Rows are written as they come. */
export async function tablePdf(table: Table) {
  const doc = new PDFDocument({ size: "A4", layout: "landscape", margin: MARGIN, bufferPages: false, autoFirstPage: false, info: { Title: table.title, Producer: "Comanda", Creator: "Comanda" } });
  const bytes = collect(doc);
  const pen = new Pen(doc);
  let page = 0;
  let y = 0;
  const texts = (row: Row) => row.cells.map((cell, i) => (cell === null ? "" : table.columns[i]?.kind === "money" ? moneyText({ amount: cell, currency: table.currency }, table.digits, table.locale) : cell));
  const bottom = () => doc.page.height - MARGIN - LINE;
  await pen.learn([table.title, ...table.lines]);

  const line = (cells: readonly string[], bold: boolean) => {
    const all = table.columns.reduce((sum, { weight }) => sum + weight, 0);
    const width = doc.page.width - 2 * MARGIN;
    let x = MARGIN;
    table.columns.forEach(({ kind, weight }, i) => {
      const own = (width * weight) / all;
      pen.write(cells[i] ?? "", x, y, own - 6, { size: SIZE, bold, align: kind === "money" ? "right" : "left" });
      x += own;
    });
    y += LINE;
  };
  const newPage = () => {
    doc.addPage();
    page += 1;
    y = MARGIN;
    const width = doc.page.width - 2 * MARGIN;
    pen.write(table.title, MARGIN, y, width * 0.8, { size: page === 1 ? 16 : 10, bold: true });
    pen.write(`Page ${page}`, MARGIN, y, width, { size: SIZE, align: "right" });
    y += page === 1 ? 22 : 16;
    if (page === 1) {
      for (const text of table.lines) {
        pen.write(text, MARGIN, y, width, { size: SIZE });
        y += LINE;
      }
      y += 4;
    }
    line(table.columns.map(({ name }) => name), true);
    doc.moveTo(MARGIN, y - 2).lineTo(doc.page.width - MARGIN, y - 2).lineWidth(0.5).stroke();
    y += 2;
  };
  newPage();

  return {
    async rows(rows: readonly Row[]): Promise<void> {
      for (const row of rows) {
        const cells = texts(row);
        await pen.learn(cells);
        if (y > bottom()) newPage();
        line(cells, row.bold === true);
      }
    },
    async end(): Promise<Uint8Array> {
      doc.end();
      return bytes;
    },
  };
}
