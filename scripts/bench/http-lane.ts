import { connect, type Socket } from "node:net";

/**
 * One kept-alive HTTP/1.1 connection with one request in flight: as little work on this side as can be, since the load
 * runs on the same two cores as what it measures.
 */
export class HttpLane {
  readonly #socket: Socket;
  readonly #host: string;
  #head = "";
  #bearer = "";
  #buffered = "";
  /** Of the answer that is being read, its head included; unknown until the head is there. */
  #length = 0;
  #waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#read(chunk));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => this.#waiting?.reject(new Error("the hub closed the connection")));
  }

  static open(url: string): Promise<HttpLane> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.removeListener("error", reject);
        resolve(new HttpLane(socket, host));
      });
    });
  }

  /** The answer's body, byte for character; a status other than 200 throws with the body. */
  post(path: string, bearer: string, body: string): Promise<string> {
    if (bearer !== this.#bearer) {
      this.#bearer = bearer;
      this.#head = ` HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${bearer}\r\ncontent-type: application/json\r\ncontent-length: `;
    }
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error("the hub closed the connection while nothing was asked"));
      this.#waiting = { resolve, reject };
      this.#socket.write(`POST ${path}${this.#head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#buffered = this.#buffered === "" ? chunk : this.#buffered + chunk;
    if (this.#length === 0) {
      const head = this.#buffered.indexOf("\r\n\r\n");
      if (head < 0) return;
      this.#length = head + 4 + Number(/content-length: (\d+)/i.exec(this.#buffered)?.[1] ?? "0");
    }
    if (this.#buffered.length < this.#length) return;
    const answer = this.#buffered;
    const waiting = this.#waiting;
    this.#buffered = "";
    this.#length = 0;
    this.#waiting = undefined;
    const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
    if (answer.startsWith("200", 9)) waiting?.resolve(body);
    else waiting?.reject(new Error(`${answer.slice(9, 12)}: ${body.slice(0, 400)}`));
  }
}
