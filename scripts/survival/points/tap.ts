import { connect, createServer, type Socket } from "node:net";

/** What one connection says, request by request; `due` is how many answers have come when that request's has. */
export type Sent = { readonly text: string; readonly due: number };
/** Reads a protocol as it passes, without changing it. */
export type Wire = {
  /** The requests that these bytes complete. */
  sent(bytes: Buffer): readonly Sent[];
  /** Answers so far, with these bytes. */
  came(bytes: Buffer): number;
};

/**
 * `before`: the request has not reached the server. `after`: the server has done it, and the answer has reached nobody. `answered`: the answer has
 * left for who asked. `first-byte`: that one has arrived and no more.
 */
export type When = "before" | "after" | "answered" | "first-byte";
/** `ends`: whoever spoke here is dead. `goes on`: it stood still, and what it said and heard meanwhile passes now. */
export type After = "ends" | "goes on";
/** Nothing passes until what `spring` answers is there. */
export type Trap = { readonly when: When; readonly is: (text: string) => boolean; readonly spring: () => Promise<After> };

/** Stands between one process and one server, and knows the moment before and after a request is done. */
export type Tap = {
  readonly port: number;
  /** `url` with this tap's address in it. */
  through(url: string): string;
  /** Springs once, at the first such request; answers how to take it away again. */
  set(trap: Trap): () => void;
  close(): Promise<void>;
};

export type TapOptions = { readonly target: () => number | Promise<number>; readonly wire: () => Wire; readonly port?: number };

export async function openTap({ target, wire, port: wanted = 0 }: TapOptions): Promise<Tap> {
  const open = new Set<Socket>();
  const traps = new Set<Trap>();
  const server = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: true }, (client) => void join(client));

  async function join(client: Socket): Promise<void> {
    open.add(client);
    client.on("error", () => client.destroy());
    client.once("close", () => open.delete(client));
    const upstream = connect({ port: await target(), host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    open.add(upstream);
    upstream.on("error", () => upstream.destroy());
    client.once("close", () => upstream.destroy());
    upstream.once("close", () => {
      open.delete(upstream);
      client.destroy();
    });
    client.once("end", () => upstream.end());
    upstream.once("end", () => client.end());
    pass(client, upstream, wire());
    client.resume();
  }

  function pass(client: Socket, upstream: Socket, spoken: Wire): void {
    /** What of this connection is awaited. */
    const awaited: { readonly trap: Trap; readonly due: number }[] = [];
    /** What passes when it goes on. */
    let held: (() => void)[] | undefined;
    const spring = async (trap: Trap, rest: () => void = () => {}) => {
      traps.delete(trap);
      const meanwhile = (held ??= []);
      const after = await trap.spring();
      if (after === "ends") {
        // What it had said and nobody did is gone with it.
        client.destroy();
        upstream.destroy();
        return;
      }
      held = undefined;
      for (const pass of [rest, ...meanwhile]) pass();
    };
    const send = (to: Socket, bytes: Buffer) => void (to.destroyed || to.write(bytes));
    forward(client, upstream, (bytes) => {
      if (held !== undefined) {
        held.push(() => {
          spoken.sent(bytes);
          send(upstream, bytes);
        });
        return undefined;
      }
      for (const { text, due } of spoken.sent(bytes)) {
        const trap = [...traps].find(({ is }) => is(text));
        if (trap === undefined) continue;
        if (trap.when === "after" || trap.when === "answered") {
          if (!awaited.some((one) => one.trap === trap)) awaited.push({ trap, due });
          continue;
        }
        const isBegun = trap.when === "first-byte";
        if (isBegun) upstream.write(bytes.subarray(0, 1));
        void spring(trap, () => send(upstream, isBegun ? bytes.subarray(1) : bytes));
        return undefined;
      }
      return bytes;
    });
    forward(upstream, client, (bytes) => {
      if (held !== undefined) {
        held.push(() => {
          spoken.came(bytes);
          send(client, bytes);
        });
        return undefined;
      }
      const answers = spoken.came(bytes);
      const met = awaited.find(({ trap, due }) => answers >= due && traps.has(trap));
      if (met === undefined) return bytes;
      if (met.trap.when === "after") void spring(met.trap, () => send(client, bytes));
      else {
        traps.delete(met.trap);
        held = [];
        client.write(bytes, () => void spring(met.trap));
      }
      return undefined;
    });
  }

  await new Promise<void>((resolve) => server.listen(wanted, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : wanted;
  return {
    port,
    through(url) {
      const changed = new URL(url);
      changed.port = String(port);
      return changed.toString();
    },
    set(trap) {
      traps.add(trap);
      return () => traps.delete(trap);
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** With back-pressure; a chunk for which `look` answers nothing goes no further. */
function forward(from: Socket, to: Socket, look: (bytes: Buffer) => Buffer | undefined): void {
  from.on("data", (bytes: Buffer) => {
    const on = look(bytes);
    if (on === undefined || to.destroyed) return;
    if (!to.write(on)) {
      from.pause();
      to.once("drain", () => from.resume());
    }
  });
}
