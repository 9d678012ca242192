import { decodeText } from "./code-pages.ts";
import type { Token } from "./tokens.ts";

export type PaperStyle = { readonly width: number; readonly height: number; readonly bold: boolean; readonly invert: boolean };
export type PaperRun = PaperStyle & { readonly text: string };
export type PaperAlign = "left" | "center" | "right";

export type PaperLine =
  | { readonly kind: "text"; readonly align: PaperAlign; readonly runs: readonly PaperRun[] }
  | { readonly kind: "picture"; readonly align: PaperAlign; readonly width: number; readonly height: number; readonly rows: Uint8Array }
  | { readonly kind: "qr"; readonly align: PaperAlign; readonly content: string; readonly module: number }
  | { readonly kind: "space"; readonly dots: number };

export type Paper = {
  readonly lines: readonly PaperLine[];
  readonly cut: boolean;
  readonly drawerKicks: number;
  readonly buzzes: number;
  /** Commands that no printer of ours should get, as hex. */
  readonly unknown: readonly string[];
};

const LETTER_DOTS = 12;
const LINE_SPACING = 30;
const PLAIN: PaperStyle = { width: 1, height: 1, bold: false, invert: false };
const ALIGNS = ["left", "center", "right"] as const;

/** The printing part: what the commands leave on the paper. */
export class PaperFeed {
  readonly #dots: number;
  #style = PLAIN;
  #align: PaperAlign = "left";
  #page = 0;
  #runs: PaperRun[] = [];
  #used = 0;
  #qr = { content: "", module: 3 };
  #lines: PaperLine[] = [];
  #drawerKicks = 0;
  #buzzes = 0;
  #unknown: string[] = [];

  constructor(dots: number) {
    this.#dots = dots;
  }

  get touched(): boolean {
    return this.#lines.length > 0 || this.#runs.length > 0 || this.#drawerKicks > 0 || this.#buzzes > 0 || this.#unknown.length > 0;
  }

  /** A drawer was opened and nothing printed: no paper to tear, but worth showing. */
  get onlyKicked(): boolean {
    return this.#drawerKicks > 0 && this.#lines.length === 0 && this.#runs.length === 0;
  }

  /** Tears the paper off. */
  take(cut: boolean): Paper {
    if (this.#runs.length > 0) this.#endLine();
    const paper = { lines: this.#lines, cut, drawerKicks: this.#drawerKicks, buzzes: this.#buzzes, unknown: this.#unknown };
    this.#lines = [];
    this.#drawerKicks = 0;
    this.#buzzes = 0;
    this.#unknown = [];
    return paper;
  }

  print(token: Token): void {
    switch (token.kind) {
      case "text":
        return this.#write(decodeText(token.bytes, this.#page));
      case "line-feed":
        return this.#endLine();
      case "init":
        this.#runs = [];
        this.#used = 0;
        this.#style = PLAIN;
        this.#align = "left";
        this.#page = 0;
        return;
      case "code-page":
        this.#page = token.page;
        return;
      case "align":
        this.#align = ALIGNS[token.n] ?? "left";
        return;
      case "bold":
        this.#style = { ...this.#style, bold: token.on };
        return;
      case "invert":
        this.#style = { ...this.#style, invert: token.on };
        return;
      case "size":
        this.#style = { ...this.#style, width: token.width, height: token.height };
        return;
      case "feed-lines":
        if (this.#runs.length > 0) this.#endLine();
        this.#lines.push({ kind: "space", dots: token.lines * LINE_SPACING });
        return;
      case "feed-dots":
        this.#lines.push({ kind: "space", dots: token.dots });
        return;
      case "raster":
        this.#lines.push({ kind: "picture", align: this.#align, width: token.widthBytes * 8, height: token.height, rows: token.rows });
        return;
      case "symbol":
        return this.#symbol(token.parameters);
      case "drawer":
        this.#drawerKicks++;
        return;
      case "buzzer":
        this.#buzzes++;
        return;
      case "unknown":
        this.#unknown.push(Buffer.from(token.bytes).toString("hex"));
        return;
      default:
        return;
    }
  }

  #write(text: string): void {
    for (const letter of text) {
      const wide = LETTER_DOTS * this.#style.width;
      if (this.#used + wide > this.#dots) this.#endLine();
      const last = this.#runs.at(-1);
      if (last && sameStyle(last, this.#style)) this.#runs[this.#runs.length - 1] = { ...last, text: last.text + letter };
      else this.#runs.push({ ...this.#style, text: letter });
      this.#used += wide;
    }
  }

  #endLine(): void {
    this.#lines.push(this.#runs.length > 0 ? { kind: "text", align: this.#align, runs: this.#runs } : { kind: "space", dots: LINE_SPACING });
    this.#runs = [];
    this.#used = 0;
  }

  /** QR functions: 67 module size, 80 store, 81 print. */
  #symbol(parameters: Uint8Array): void {
    const [family, fn, argument] = parameters;
    if (family !== 0x31) return;
    if (fn === 0x43) this.#qr.module = argument ?? 3;
    if (fn === 0x50) this.#qr.content = Buffer.from(parameters.subarray(3)).toString("utf8");
    if (fn === 0x51) this.#lines.push({ kind: "qr", align: this.#align, ...this.#qr });
  }
}

function sameStyle(a: PaperStyle, b: PaperStyle): boolean {
  return a.width === b.width && a.height === b.height && a.bold === b.bold && a.invert === b.invert;
}
