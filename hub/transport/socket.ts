/** What the rest of the hub sees of a WebSocket; uWS's own socket fits it, so nothing is wrapped. */
export type Socket<Data> = {
  getUserData(): { readonly data: Data };
  /** 1 sent, 0 sent as the peer reads on, 2 dropped (the socket is then closed). */
  send(message: string): number;
  getBufferedAmount(): number;
  subscribe(topic: string): boolean;
  unsubscribe(topic: string): boolean;
  /** Says goodbye; the close handler runs before this returns. */
  end(code: number, reason: string): void;
  /** Without a word; the close handler runs before this returns. */
  close(): void;
};

/** The facts of an upgrade request. */
export type Upgrade = {
  readonly origin: string;
  readonly host: string;
  readonly remoteAddress: string;
  readonly userAgent: string;
};

export type SocketDoor<Data> = {
  readonly maxPayloadBytes: number;
  /** Beyond this the socket is closed, never skipped: it resumes by cursor (RT-3). */
  readonly maxBufferedBytes: number;
  /** Seconds without a sign of life (pings are answered by every browser); uWS takes 8 at least, in steps of 4. */
  readonly idleSeconds: number;
  /** The connection's data, or the HTTP status that refuses it. */
  accept(upgrade: Upgrade): { readonly data: Data } | { readonly status: number; readonly refused: string };
  open(socket: Socket<Data>): void;
  /** The bytes live only until this returns. */
  message(socket: Socket<Data>, bytes: ArrayBuffer, isBinary: boolean): void;
  /** A message went over the limit and was not sent; not called for every one. The socket closes by itself. */
  dropped(socket: Socket<Data>): void;
  drain(socket: Socket<Data>): void;
  close(socket: Socket<Data>, code: number): void;
};
