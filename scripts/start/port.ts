import { createServer } from "node:net";
import { freePort } from "../services/server.ts";
import { cannotStart } from "./report.ts";

/** Undefined when the port can be opened, on every address of the machine; else the system's code. */
export function whyNotOpen(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

export async function requirePort(port: number): Promise<void> {
  const why = await whyNotOpen(port);
  if (why === undefined) return;
  if (why === "EADDRINUSE") throw cannotStart(`Port ${port} is taken: stop what uses it, or choose another with npm start -- --port N.`);
  throw cannotStart(`Port ${port} cannot be opened (${why}): choose another with npm start -- --port N.`);
}

/** The wanted port, or a free one when somebody has it. */
export async function portNear(wanted: number): Promise<number> {
  return (await whyNotOpen(wanted)) === undefined ? wanted : freePort();
}
