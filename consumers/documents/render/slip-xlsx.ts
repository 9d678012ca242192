import writeXlsxFile, { type SheetData } from "write-excel-file/node";
import type { Slip } from "#consumers/printing/escpos/slip.ts";

/** The lines of the paper as rows, cell by cell. */
export async function slipXlsx(slip: Slip): Promise<Uint8Array> {
  const rows: SheetData = slip.lines.flatMap((line): SheetData => {
    if (line.kind === "text") return [[{ type: String, value: line.text.trim(), ...(line.bold === true || line.size !== undefined ? { fontWeight: "bold" as const } : {}) }]];
    if (line.kind === "columns") return [line.cells.map(({ text, align }) => ({ type: String, value: text.trim(), ...(align === undefined ? {} : { align }) }))];
    return line.kind === "rule" ? [[null]] : [];
  });
  return new Uint8Array(await writeXlsxFile(rows, { columns: [{ width: 44 }, { width: 16 }, { width: 16 }] }).toBuffer());
}
