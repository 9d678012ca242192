import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { freePort } from "../services/server.ts";
import { runChild } from "../start/child.ts";

/** As on a slip: what may be an order's label. */
const LABEL = /[0-9A-HJKMNP-TV-Z]{10}/g;

export type WatchedPrinters = {
  /** A port for each printer. */
  readonly ports: readonly number[];
  stop(): Promise<void>;
};

/**
 * Simulated printers in a process of their own, and before each of them a line that passes on every byte and hears when
 * the first chunk with a label arrives: a slip's label is within its first hundred bytes, which leave together.
 */
export async function watchPrinters(count: number, dir: string, onLabel: (label: string, at: number) => void): Promise<WatchedPrinters> {
  const real = await Promise.all(Array.from({ length: count }, async (_, i) => ({ name: `Kitchen ${i + 1}`, port: await freePort() })));
  const args = ["--host", "127.0.0.1", "--http", String(await freePort()), "--printers", JSON.stringify(real)];
  const simulator = await runChild({ name: "printers", script: "scripts/printer-simulator/main.ts", args, env: {}, logFile: join(dir, "printers.log") }, () => {});
  const lines = await Promise.all(real.map(({ port }) => openLine(port, onLabel)));
  return {
    ports: lines.map(({ port }) => port),
    async stop() {
      for (const { close } of lines) close();
      await simulator.stop();
    },
  };
}

function openLine(to: number, onLabel: (label: string, at: number) => void): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ port: to, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => [near, far].forEach((one) => one.destroy()));
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("data", (chunk: Buffer) => {
      const at = performance.now();
      for (const [label] of chunk.toString("latin1").matchAll(LABEL)) onLabel(label, at);
    });
    near.pipe(far);
    far.pipe(near);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const close = () => {
        server.close();
        for (const socket of sockets) socket.destroy();
      };
      resolve({ port: typeof address === "object" && address ? address.port : 0, close });
    });
  });
}
