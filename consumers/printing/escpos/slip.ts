/** What is on the paper, without a word of a printer's language. Stored as JSON with the job, so that a retry or a reprint is the same slip. */
export type Slip = { readonly lines: readonly SlipLine[] };

export type Align = "left" | "center" | "right";

/** Width x height: normal 1x1, tall 1x2, large 2x2, huge 3x3. */
export type Size = "normal" | "tall" | "large" | "huge";

export type Style = { readonly size?: Size; readonly bold?: boolean; readonly invert?: boolean };

export type TextLine = Style & {
  readonly kind: "text";
  readonly text: string;
  readonly align?: Align;
  /** Columns before the text; wrapped lines keep it. */
  readonly indent?: number;
  /** Draws the text as a picture even where the printer has letters for it. */
  readonly drawn?: boolean;
};

/** One cell has no width and takes what the others leave; its text wraps. The others are cut at their width. */
export type Cell = {
  readonly text: string;
  readonly width?: number;
  readonly align?: Align;
  /** What the text says, as a decimal number, for a spreadsheet that adds it up. */
  readonly amount?: string;
};

export type ColumnsLine = Style & { readonly kind: "columns"; readonly cells: readonly Cell[] };

export type SlipLine =
  | TextLine
  | ColumnsLine
  | { readonly kind: "rule"; readonly with?: "-" | "=" }
  | { readonly kind: "feed"; readonly lines: number }
  /** Dots a module, 3 to 8. */
  | { readonly kind: "qr"; readonly content: string; readonly module?: number }
  | { readonly kind: "cut" }
  | { readonly kind: "drawer"; readonly pin: 2 | 5 }
  | { readonly kind: "buzzer"; readonly times: number };

export const SCALE: Readonly<Record<Size, { readonly width: number; readonly height: number }>> = {
  normal: { width: 1, height: 1 },
  tall: { width: 1, height: 2 },
  large: { width: 2, height: 2 },
  huge: { width: 3, height: 3 },
};
