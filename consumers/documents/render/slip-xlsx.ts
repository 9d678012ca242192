import writeXlsxFile, { type SheetData } from "write-excel-file/node";
import type { Cell, Slip } from "#consumers/printing/escpos/slip.ts";

function cellOf({ text, align, amount }: Cell): SheetData[number][number] {
  const style = align === undefined ? {} : { align };
  if (amount === undefined) return { ...style, type: String, value: text.trim() };
  const places = amount.split(".")[1]?.length ?? 0;
  return { ...style, type: Number, value: Number(amount), format: places === 0 ? "#,##0" : `#,##0.${"0".repeat(places)}` };
}

/** The lines of the paper as rows, cell by cell; the amounts of a report are numbers, so that a spreadsheet can add them up. */
export async function slipXlsx(slip: Slip): Promise<Uint8Array> {
  const rows: SheetData = slip.lines.flatMap((line): SheetData => {
    if (line.kind === "text") return [[{ type: String, value: line.text.trim(), ...(line.bold === true || line.size !== undefined ? { fontWeight: "bold" as const } : {}) }]];
    if (line.kind === "columns") return [line.cells.map(cellOf)];
    return line.kind === "rule" ? [[null]] : [];
  });
  return new Uint8Array(await writeXlsxFile(rows, { columns: [{ width: 44 }, { width: 16 }, { width: 16 }] }).toBuffer());
}
