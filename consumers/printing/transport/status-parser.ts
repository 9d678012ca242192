/** What a printer says, told apart by its bits (docs/spec/printing.md, PRN-20). */
export type PrinterAnswer =
  /** To DLE EOT. Which of the four was asked is not in the byte. */
  | { readonly kind: "real-time"; readonly byte: number }
  | { readonly kind: "automatic"; readonly bytes: readonly [number, number, number, number] }
  /** To GS r: the buffer has been worked off up to there. */
  | { readonly kind: "transmit-status"; readonly byte: number }
  /** To GS ( H: printed up to there. */
  | { readonly kind: "process-id"; readonly id: string };

const BLOCK_START = 0x37;
const PROCESS_ID = 0x22;
const LONGEST_BLOCK = 80;

/** Answers come in pieces and on top of each other; what is incomplete waits, what fits nothing is dropped. */
export class StatusParser {
  #rest: number[] = [];

  push(bytes: Uint8Array): PrinterAnswer[] {
    this.#rest.push(...bytes);
    const answers: PrinterAnswer[] = [];
    for (;;) {
      const read = readAnswer(this.#rest);
      if (read === "incomplete") return answers;
      this.#rest.splice(0, read.length);
      if (read.answer) answers.push(read.answer);
    }
  }
}

type Read = "incomplete" | { readonly length: number; readonly answer?: PrinterAnswer };

function readAnswer(b: readonly number[]): Read {
  const [first, second, third, fourth] = b;
  if (first === undefined) return "incomplete";
  if (first === BLOCK_START) return readBlock(b);
  if ((first & 0x93) === 0x12) return { length: 1, answer: { kind: "real-time", byte: first } };
  if ((first & 0x93) === 0x10) {
    const following = b.slice(1, 4);
    if (following.some((byte) => (byte & 0x90) !== 0)) return { length: 1 };
    if (second === undefined || third === undefined || fourth === undefined) return "incomplete";
    return { length: 4, answer: { kind: "automatic", bytes: [first, second, third, fourth] } };
  }
  if ((first & 0x90) === 0) return { length: 1, answer: { kind: "transmit-status", byte: first } };
  return { length: 1 };
}

function readBlock(b: readonly number[]): Read {
  const end = b.indexOf(0x00);
  if (end < 0) return b.length > LONGEST_BLOCK ? { length: 1 } : "incomplete";
  if (b[1] !== PROCESS_ID) return { length: end + 1 };
  return { length: end + 1, answer: { kind: "process-id", id: String.fromCharCode(...b.slice(2, end)) } };
}
