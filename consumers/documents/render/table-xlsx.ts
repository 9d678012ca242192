import writeXlsxFile, { type SheetData } from "write-excel-file/node";
import { currencyExponent, decimalText } from "#shared/money/money.ts";
import type { Row, Table } from "../model.ts";

/** Title and head stay in sight; amounts are numbers with the currency's places, so that a spreadsheet can add them up. */
export function tableXlsx(table: Table) {
  const places = currencyExponent(table.currency);
  const format = places === 0 ? "#,##0" : `#,##0.${"0".repeat(places)}`;
  const sheet: SheetData = [
    [{ value: table.title, fontWeight: "bold", fontSize: 14 }],
    ...table.lines.map((value) => [{ value }]),
    table.columns.map(({ name, kind }) => ({ value: name, fontWeight: "bold" as const, align: kind === "money" ? ("right" as const) : ("left" as const) })),
  ];
  const head = sheet.length;

  return {
    async rows(rows: readonly Row[]): Promise<void> {
      for (const { cells, bold } of rows) {
        sheet.push(
          cells.map((cell, i) => {
            if (cell === null) return null;
            const style = bold === true ? { fontWeight: "bold" as const } : {};
            // The decimal text of an amount below 2^53 minor units is the number, digit by digit.
            return table.columns[i]?.kind === "money" ? { ...style, type: Number, value: Number(decimalText({ amount: cell, currency: table.currency })), format } : { ...style, type: String, value: cell };
          }),
        );
      }
    },
    async end(): Promise<Uint8Array> {
      const columns = table.columns.map(({ weight }) => ({ width: Math.round(weight * 8) }));
      const file = writeXlsxFile(sheet, { sheet: table.title.slice(0, 31).replace(/[[\]:*?/\\]/g, " "), columns, stickyRowsCount: head });
      return new Uint8Array(await file.toBuffer());
    },
  };
}
