import escpos from "escpos";

/** Takes escpos's output into memory; its own network adapter reports success for bytes that were never delivered. */
class MemoryAdapter extends escpos.Adapter {
  readonly chunks: Uint8Array[] = [];

  override write(data: Uint8Array, callback?: (error?: Error) => void): this {
    this.chunks.push(Uint8Array.from(data));
    callback?.();
    return this;
  }
}

export type MemoryPrinter = {
  readonly printer: InstanceType<typeof escpos.Printer>;
  /** Everything written since the last call. */
  bytes(): Uint8Array;
};

export function memoryPrinter(): MemoryPrinter {
  const adapter = new MemoryAdapter();
  const printer = new escpos.Printer(adapter, { encoding: "ascii" });
  return {
    printer,
    bytes() {
      printer.flush();
      return Buffer.concat(adapter.chunks.splice(0));
    },
  };
}

const known = new Map<string, Map<string, boolean>>();

/** Whether every character of the text has a byte of its own in the encoding: the encoder answers "?" for all others. */
export function encodable(text: string, encoding: string): boolean {
  let characters = known.get(encoding);
  if (!characters) known.set(encoding, (characters = new Map()));
  for (const character of text) {
    let has = characters.get(character);
    if (has === undefined) {
      const memory = memoryPrinter();
      memory.printer.text(character, encoding);
      const [byte, end, ...more] = memory.bytes();
      has = character === "?" || (end === 0x0a && more.length === 0 && byte !== 0x3f);
      characters.set(character, has);
    }
    if (!has) return false;
  }
  return true;
}

const ASCII = /^[\x20-\x7e]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}
