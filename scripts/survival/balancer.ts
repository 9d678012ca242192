import { createServer, connect, type Socket } from "node:net";
import { freePort } from "../services/server.ts";

/** The one address of several hubs, as a load balancer in front of them gives it. */
export type Balancer = {
  readonly url: string;
  /** Ends every connection; those that dial again are spread over all hubs. */
  cut(): void;
  close(): Promise<void>;
};

/** Each new connection goes to the next hub in turn that takes it; nobody is asked how he feels, and a connection ends with its hub. */
export async function openBalancer(ports: () => readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;

  function join(client: Socket, hub: Socket): void {
    for (const [one, other] of [[client, hub], [hub, client]] as const) {
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
    client.resume();
  }

  function dial(client: Socket, left: readonly number[]): void {
    const [port, ...others] = left;
    if (port === undefined) return void client.destroy();
    const hub = connect({ port, host: "127.0.0.1" });
    const refused = () => dial(client, others);
    hub.once("error", refused);
    hub.once("connect", () => {
      hub.off("error", refused);
      if (client.destroyed) hub.destroy();
      else join(client, hub);
    });
  }

  const server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    const all = ports();
    const first = turn++ % all.length;
    dial(client, [...all.slice(first), ...all.slice(0, first)]);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const cut = () => {
    for (const client of open) client.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
