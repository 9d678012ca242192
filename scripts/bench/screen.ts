import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const [TEXT, PING, PONG] = [1, 9, 10] as const;

/**
 * A screen that only notes when each command's frame arrived: a plain WebSocket over a socket, so that 50 of them cost the
 * machine little. The hub's frames are not masked and not compressed.
 */
export class Screen {
  readonly #socket: Socket;
  readonly #onFrame: (commandId: string, at: number) => void;
  #buffer: Buffer = Buffer.alloc(0);
  #live: () => void = () => {};
  readonly live: Promise<void>;

  private constructor(socket: Socket, rest: Buffer, onFrame: (commandId: string, at: number) => void) {
    this.#socket = socket;
    this.#onFrame = onFrame;
    this.live = new Promise((resolve) => (this.#live = resolve));
    socket.on("data", (chunk) => this.#read(chunk));
    if (rest.length > 0) this.#read(rest);
  }

  static open(url: string, hello: unknown, onFrame: (commandId: string, at: number) => void): Promise<Screen> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.setNoDelay(true);
      socket.once("error", reject);
      let head = Buffer.alloc(0);
      const upgraded = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        socket.removeListener("data", upgraded);
        if (!head.toString("latin1").startsWith("HTTP/1.1 101")) return reject(new Error(head.toString("latin1").slice(0, 100)));
        const screen = new Screen(socket, head.subarray(end + 4), onFrame);
        screen.#send(TEXT, Buffer.from(JSON.stringify(hello)));
        resolve(screen);
      };
      socket.on("data", upgraded);
      socket.write(
        `GET /ws HTTP/1.1\r\nhost: ${host}\r\norigin: http://${host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
      );
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(opcode: number, body: Buffer): void {
    const first = 0x80 | opcode;
    const head = body.length < 126 ? Buffer.from([first, 0x80 | body.length]) : Buffer.from([first, 0xfe, body.length >> 8, body.length & 255]);
    // A mask of zeros is a mask.
    this.#socket.write(Buffer.concat([head, Buffer.alloc(4), body]));
  }

  #read(chunk: Buffer): void {
    const at = performance.now();
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const short = (this.#buffer[1] ?? 0) & 127;
      const start = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (this.#buffer.length < start) return;
      const length = short === 127 ? Number(this.#buffer.readBigUInt64BE(2)) : short === 126 ? this.#buffer.readUInt16BE(2) : short;
      if (this.#buffer.length < start + length) return;
      // Whoever answers no ping is taken for gone.
      if (((this.#buffer[0] ?? 0) & 15) === PING) this.#send(PONG, this.#buffer.subarray(start, start + length));
      else this.#message(this.#buffer.toString("latin1", start, start + length), at);
      this.#buffer = this.#buffer.subarray(start + length);
    }
  }

  #message(text: string, at: number): void {
    if (text.startsWith('{"type":"frame"')) {
      const found = text.indexOf('"commandId":"');
      this.#onFrame(text.slice(found + 13, found + 39), at);
    } else if (text.startsWith('{"type":"caughtUp"')) this.#live();
    else if (text.startsWith('{"type":"refused"')) throw new Error(`the hub refused a screen: ${text}`);
  }
}
