/** What Comanda uses of escpos 2.5.2, and no more; @types/escpos describes other signatures than the code has. */
declare module "escpos" {
  class Adapter {
    open(callback?: (error?: Error) => void): this;
    close(callback?: (error?: Error) => void): this;
    write(data: Uint8Array, callback?: (error?: Error) => void): this;
  }
  class Printer {
    constructor(adapter: Adapter, options?: { encoding: string });
    /** Only a Buffer goes through as bytes: a plain Uint8Array is written as the text "27,64". */
    print(content: Buffer): this;
    /** Ends the line with LF. Control characters in `content` go through as commands. */
    text(content: string, encoding: string): this;
    align(align: "LT" | "CT" | "RT"): this;
    feed(lines: number): this;
    flush(callback?: (error?: Error) => void): this;
  }
  const escpos: { readonly Adapter: typeof Adapter; readonly Printer: typeof Printer };
  export default escpos;
}
