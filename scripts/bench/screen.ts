import { TextSocket } from "./text-socket.ts";

export type FrameListener = (commandId: string, at: number, text: string) => void;

/** A screen that only notes when each command's frame arrived. */
export class Screen {
  readonly #onFrame: FrameListener;
  #socket: TextSocket | undefined;
  #live: () => void = () => {};
  readonly live: Promise<void>;

  private constructor(onFrame: FrameListener) {
    this.#onFrame = onFrame;
    this.live = new Promise((resolve) => (this.#live = resolve));
  }

  static async open(url: string, hello: unknown, onFrame: FrameListener): Promise<Screen> {
    const screen = new Screen(onFrame);
    screen.#socket = await TextSocket.open(url, "/ws", (text, at) => screen.#message(text, at));
    screen.#socket.send(JSON.stringify(hello));
    return screen;
  }

  stall(): void {
    this.#socket?.stall();
  }

  close(): void {
    this.#socket?.close();
  }

  #message(text: string, at: number): void {
    if (text.startsWith('{"type":"frame"')) {
      const found = text.indexOf('"commandId":"');
      this.#onFrame(text.slice(found + 13, found + 39), at, text);
    } else if (text.startsWith('{"type":"caughtUp"')) this.#live();
    else if (text.startsWith('{"type":"refused"')) throw new Error(`the hub refused a screen: ${text}`);
  }
}
