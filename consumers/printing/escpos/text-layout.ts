import type { Align } from "./slip.ts";

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** East Asian wide and fullwidth blocks, and what is drawn as an emoji: two columns each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;
const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;
/** Bidirectional overrides could turn "2x" into "x2" on paper; noncharacters are not allowed in SVG. */
const UNPRINTABLE = /[\u202a-\u202e\u2066-\u2069\ufeff\ufff0-\uffff]/g;

/** Text of one line, safe to send: a control byte in a note fires drawers and cutters. */
export function printable(text: string): string {
  return text.replace(LONE_SURROGATES, "").replace(CONTROLS, "").replace(UNPRINTABLE, "").normalize("NFC");
}

/** The text's lines as typed, each safe to send; tabs become spaces. */
export function printableLines(text: string): string[] {
  return text.split(LINE_ENDS).map((line) => printable(line.replaceAll("\t", "    ")));
}

export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  return WITHOUT_WIDTH.test(grapheme) ? 0 : 1;
}

/** The longest beginning that fits `columns`. */
export function cutToWidth(text: string, columns: number): string {
  let width = 0;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return kept;
}

/** Breaks at spaces; a word longer than a line is broken between graphemes. Never empty: "" is one empty line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of text.split(" ")) {
    let rest: string = line === null ? word : `${line} ${word}`;
    if (displayWidth(rest) > columns && line !== null && line.trim() !== "") {
      lines.push(line);
      rest = word;
    }
    while (displayWidth(rest) > columns) {
      const head = cutToWidth(rest, columns);
      if (head === "") break;
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  lines.push(line ?? "");
  return lines;
}

export function pad(text: string, columns: number, align: Align): string {
  const space = Math.max(columns - displayWidth(text), 0);
  if (align === "right") return " ".repeat(space) + text;
  if (align === "left") return text + " ".repeat(space);
  const before = Math.floor(space / 2);
  return " ".repeat(before) + text + " ".repeat(space - before);
}
