import { randomUUID } from "node:crypto";
import type { Paper, PaperLine } from "./paper.ts";
import { renderPaper } from "./render.ts";

const KEPT = 200;

export type SlipLineJson =
  | { readonly kind: "text"; readonly text: string; readonly align: string; readonly width: number; readonly height: number; readonly bold: boolean; readonly invert: boolean }
  | { readonly kind: "picture"; readonly width: number; readonly height: number; readonly black: number }
  | { readonly kind: "qr"; readonly content: string };

export type SlipJson = {
  readonly id: string;
  readonly printer: string;
  /** Counts the printer's slips since the simulator began. */
  readonly number: number;
  readonly text: string;
  readonly lines: readonly SlipLineJson[];
  readonly hasRaster: boolean;
  /** False for what was torn off without a cut: half a slip. */
  readonly cut: boolean;
  readonly drawerKicks: number;
  readonly buzzes: number;
  readonly unknown: readonly string[];
  readonly at: string;
};

type Kept = { readonly json: SlipJson; readonly paper: Paper; readonly dots: number; png: Promise<Buffer> | undefined };

/** What came out of the printers, newest first; the last 200 of each. */
export class SlipTray {
  readonly #slips: Kept[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #listeners = new Set<(slip: SlipJson) => void>();

  add(printer: string, paper: Paper, dots: number): void {
    const number = (this.#numbers.get(printer) ?? 0) + 1;
    this.#numbers.set(printer, number);
    const json = slipJson(printer, number, paper);
    this.#slips.unshift({ json, paper, dots, png: undefined });
    const ofPrinter = this.#slips.filter((kept) => kept.json.printer === printer);
    const oldest = ofPrinter[KEPT];
    if (oldest) this.#slips.splice(this.#slips.indexOf(oldest), 1);
    for (const listener of this.#listeners) listener(json);
  }

  list(printer?: string): SlipJson[] {
    return this.#slips.filter((kept) => printer === undefined || kept.json.printer === printer).map((kept) => kept.json);
  }

  async png(id: string): Promise<Buffer | undefined> {
    const kept = this.#slips.find((slip) => slip.json.id === id);
    if (!kept) return undefined;
    kept.png ??= renderPaper(kept.paper, kept.dots);
    return kept.png;
  }

  clear(): void {
    this.#slips.length = 0;
  }

  onSlip(listener: (slip: SlipJson) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function slipJson(printer: string, number: number, paper: Paper): SlipJson {
  const lines = paper.lines.flatMap(lineJson);
  return {
    id: randomUUID(),
    printer,
    number,
    text: lines.map((line) => (line.kind === "text" ? line.text : `[${line.kind}]`)).join("\n"),
    lines,
    hasRaster: lines.some((line) => line.kind === "picture"),
    cut: paper.cut,
    drawerKicks: paper.drawerKicks,
    buzzes: paper.buzzes,
    unknown: paper.unknown,
    at: new Date().toISOString(),
  };
}

function lineJson(line: PaperLine): SlipLineJson[] {
  if (line.kind === "space") return [];
  if (line.kind === "qr") return [{ kind: "qr", content: line.content }];
  if (line.kind === "picture") return [{ kind: "picture", width: line.width, height: line.height, black: blackDots(line.rows) }];
  const [first] = line.runs;
  if (!first) return [];
  const { width, height, bold, invert } = first;
  return [{ kind: "text", text: line.runs.map((run) => run.text).join(""), align: line.align, width, height, bold, invert }];
}

function blackDots(rows: Uint8Array): number {
  let count = 0;
  for (let byte of rows) for (; byte !== 0; byte &= byte - 1) count++;
  return count;
}
