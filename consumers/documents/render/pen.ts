import type PDFDocument from "pdfkit";
import { isOwn, runsOf, type Face, type Run } from "./fonts.ts";

type Doc = InstanceType<typeof PDFDocument>;

/** Writes texts of any script on one line, cut to what fits. Coordinates are points from the top left. */
export class Pen {
  readonly #doc: Doc;
  readonly #runs = new Map<string, readonly Run[]>();
  readonly #registered = new Set<string>();

  constructor(doc: Doc) {
    this.#doc = doc;
  }

  /** Fonts are found before anything is drawn: drawing does not wait. */
  async learn(texts: readonly string[]): Promise<void> {
    for (const text of texts) if (!isOwn(text) && !this.#runs.has(text)) this.#runs.set(text, await runsOf(text));
  }

  #use(face: Face | null, bold: boolean, size: number): void {
    if (face === null) {
      this.#doc.font(bold ? "Helvetica-Bold" : "Helvetica").fontSize(size);
      return;
    }
    const name = `${face.file} ${face.family ?? ""}`;
    if (this.#registered.has(name)) this.#doc.font(name);
    else {
      this.#doc.registerFont(name, face.file, face.family);
      this.#registered.add(name);
      this.#doc.font(name);
    }
    this.#doc.fontSize(size);
  }

  #of(text: string): readonly Run[] {
    return this.#runs.get(text) ?? [{ text, face: null }];
  }

  width(text: string, size: number, bold = false): number {
    return this.#of(text).reduce((sum, run) => {
      this.#use(run.face, bold, size);
      return sum + this.#doc.widthOfString(run.text);
    }, 0);
  }

  write(text: string, x: number, y: number, width: number, { size, bold = false, align = "left" }: { readonly size: number; readonly bold?: boolean; readonly align?: "left" | "center" | "right" }): void {
    const wanted = this.width(text, size, bold);
    if (wanted > width && text.length > 1 && !this.#runs.has(text)) {
      this.write(`${text.slice(0, Math.max(1, Math.floor((text.length * width) / wanted) - 1))}…`, x, y, width * 1.2, { size, bold, align });
      return;
    }
    let at = align === "right" ? x + width - wanted : align === "center" ? x + (width - wanted) / 2 : x;
    for (const run of this.#of(text)) {
      this.#use(run.face, bold, size);
      this.#doc.text(run.text, at, y, { lineBreak: false });
      at += this.#doc.widthOfString(run.text);
    }
  }
}
