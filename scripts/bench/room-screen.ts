import type { FrameListener } from "./screen.ts";
import { TextSocket } from "./text-socket.ts";

/** Who a socket was, and what it had, as Socket.IO's connection state recovery asks for it. */
export type Recovery = { readonly pid: string; readonly offset: string };

/** A screen of the peer: Engine.IO 4 and Socket.IO 5 over a plain WebSocket, so that it costs the load what ours does. */
export class RoomScreen {
  readonly #onFrame: FrameListener;
  readonly #recovery: Recovery | undefined;
  #socket: TextSocket | undefined;
  #pid = "";
  #offset = "";
  #live: () => void = () => {};
  readonly live: Promise<void>;
  /** The server knew it again and brings what it missed. */
  recovered = false;

  private constructor(onFrame: FrameListener, recovery: Recovery | undefined) {
    this.#onFrame = onFrame;
    this.#recovery = recovery;
    this.live = new Promise((resolve) => (this.#live = resolve));
  }

  static async open(url: string, room: string, onFrame: FrameListener, recovery?: Recovery): Promise<RoomScreen> {
    const screen = new RoomScreen(onFrame, recovery);
    // The server's first packet may come with the answer to the upgrade.
    const early: [string, number][] = [];
    screen.#socket = await TextSocket.open(url, `/socket.io/?EIO=4&transport=websocket&room=${room}`, (text, at) => (screen.#socket === undefined ? early.push([text, at]) : screen.#packet(text, at)));
    for (const [text, at] of early) screen.#packet(text, at);
    return screen;
  }

  get recovery(): Recovery {
    return { pid: this.#pid, offset: this.#offset };
  }

  stall(): void {
    this.#socket?.stall();
  }

  close(): void {
    this.#socket?.close();
  }

  #packet(text: string, at: number): void {
    if (text.startsWith('42["frame"')) {
      const found = text.indexOf('"commandId":"');
      // With recovery on, the packet's place in the stream is its last argument.
      this.#offset = /,"([0-9]+-[0-9]+)"\]$/.exec(text.slice(-60))?.[1] ?? this.#offset;
      this.#onFrame(text.slice(found + 13, found + 39), at, text);
    } else if (text.startsWith("2")) this.#socket?.send("3");
    else if (text.startsWith("0")) this.#socket?.send(this.#recovery === undefined ? "40" : `40${JSON.stringify(this.#recovery)}`);
    else if (text.startsWith("40")) {
      this.#pid = /"pid":"([^"]+)"/.exec(text)?.[1] ?? "";
      this.recovered = this.#recovery !== undefined && this.#pid === this.#recovery.pid;
      this.#live();
    } else if (text.startsWith("44")) throw new Error(`the peer refused a screen: ${text}`);
  }
}
