import { createServer, connect, type Server, type Socket } from "node:net";

/** Stands between a client and a server on loopback; can lose answers and cut connections, as a network does. */
export type CuttingProxy = {
  /** `url` with this proxy's address in it. */
  through(url: string): string;
  /** From now on answers are swallowed; requests still arrive. */
  swallowAnswers(): void;
  /** Cuts every connection. */
  cut(): void;
  /** Requests seen since the proxy began, in bytes. */
  readonly received: number;
  /** Open connections that have lost an answer. */
  readonly deaf: number;
  heal(): void;
  /** Who dials from now on gets another server; connections that are open stay where they are, as behind an address that moved. */
  pointAt(url: string): void;
  close(): Promise<void>;
};

export async function cuttingProxy(url: string): Promise<CuttingProxy> {
  let target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  const deaf = new Set<readonly [Socket, Socket]>();
  let swallowing = false;
  let received = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on("data", (bytes) => {
      received += bytes.length;
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (swallowing) deaf.add(pair);
      else client.write(bytes);
    });
    for (const [one, other] of [pair, [upstream, client] as const]) {
      one.on("error", () => {});
      one.on("close", () => {
        pairs.delete(pair);
        deaf.delete(pair);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  function cut(): void {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  return {
    through(original) {
      const changed = new URL(original);
      changed.port = String(port);
      return changed.toString();
    },
    swallowAnswers: () => void (swallowing = true),
    cut,
    get received() {
      return received;
    },
    get deaf() {
      return deaf.size;
    },
    heal: () => void (swallowing = false),
    pointAt: (other) => void (target = new URL(other)),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
