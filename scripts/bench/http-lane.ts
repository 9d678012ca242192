import { connect, type Socket } from "node:net";

/**
 * One kept-alive HTTP/1.1 connection with one request in flight: as little work on this side as can be, since the load
 * runs on the same two cores as what it measures.
 */
export class HttpLane {
  readonly #socket: Socket;
  readonly #host: string;
  #buffered = "";
  #waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.setEncoding("utf8");
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

  /** The answer's body; a status other than 200 throws with the body. */
  post(path: string, bearer: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${bearer}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#buffered += chunk;
    const head = this.#buffered.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#buffered.slice(0, head))?.[1] ?? "0");
    const body = this.#buffered.slice(head + 4);
    if (Buffer.byteLength(body) < length) return;
    const status = this.#buffered.slice(9, 12);
    const waiting = this.#waiting;
    this.#buffered = "";
    this.#waiting = undefined;
    if (status === "200") waiting?.resolve(body);
    else waiting?.reject(new Error(`${status}: ${body.slice(0, 400)}`));
  }
}
