import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const [TEXT, PING, PONG] = [1, 9, 10] as const;

export type TextListener = (text: string, at: number) => void;

/**
 * A plain WebSocket over a socket that hands out each text with the time at which its chunk came, so that hundreds of
 * them cost the machine little. The server's frames are not masked and not compressed.
 */
export class TextSocket {
  readonly #socket: Socket;
  readonly #onText: TextListener;
  #buffer: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, rest: Buffer, onText: TextListener) {
    this.#socket = socket;
    this.#onText = onText;
    socket.on("data", (chunk) => this.#read(chunk));
    if (rest.length > 0) this.#read(rest);
  }

  /** `url` is the server's, `path` the door's: `/ws`. Resolves when the upgrade was answered. */
  static open(url: string, path: string, onText: TextListener): Promise<TextSocket> {
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
        resolve(new TextSocket(socket, head.subarray(end + 4), onText));
      };
      socket.on("data", upgraded);
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: ${host}\r\norigin: http://${host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
      );
    });
  }

  send(text: string): void {
    this.#send(TEXT, Buffer.from(text));
  }

  /** Takes nothing any more: what comes is left to the server's buffers. */
  stall(): void {
    this.#socket.pause();
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
      const opcode = (this.#buffer[0] ?? 0) & 15;
      // Whoever answers no ping is taken for gone.
      if (opcode === PING) this.#send(PONG, this.#buffer.subarray(start, start + length));
      else if (opcode === TEXT) this.#onText(this.#buffer.toString("latin1", start, start + length), at);
      this.#buffer = this.#buffer.subarray(start + length);
    }
  }
}
