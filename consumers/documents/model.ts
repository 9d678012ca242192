import type { Slip } from "#consumers/printing/escpos/slip.ts";

/** A column of a table: words, or amounts in minor units, or a date. */
export type Column = { readonly name: string; readonly kind: "text" | "money" | "date"; /** Share of the page's width. */ readonly weight: number };
/** Cells in the order of the columns; amounts as whole minor units. */
export type Row = { readonly cells: readonly (string | null)[]; readonly bold?: boolean };
export type Table = {
  readonly title: string;
  /** Under the title: whose, of when, made when and by whom. */
  readonly lines: readonly string[];
  readonly columns: readonly Column[];
  readonly currency: string;
  readonly digits: number;
  readonly locale: string;
};
/** What a file shows: a slip as it was printed, or a table whose rows come page by page. */
export type Document = { readonly name: string } & ({ readonly kind: "slip"; readonly slip: Slip } | { readonly kind: "table"; readonly table: Table; readonly total: number; pages(): AsyncIterable<readonly Row[]> });

/** To the render's thread and back. */
export type ToRender = { readonly start: { readonly kind: "slip"; readonly slip: Slip } | { readonly kind: "table"; readonly table: Table }; readonly format: "pdf" | "xlsx" } | { readonly rows: readonly Row[] } | { readonly end: true };
export type FromRender = { readonly ready: true } | { readonly bytes: Uint8Array };

export const MEDIA_TYPES = { pdf: "application/pdf", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" } as const;
