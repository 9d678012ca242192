import { randomInt } from "node:crypto";
import { createServer } from "node:net";
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

/** Systems give out the ports above by themselves: one of those that is remembered may be anybody's at the next start. */
const FIRST_GIVEN_OUT = 32_768;
const STEP = 200;
const TRIES = 20;

/** The wanted port, or a free one in steps of 200 above it when somebody has it; at random, since of two who look at once each would find the same. */
export async function portNear(wanted: number): Promise<number> {
  const steps = Math.floor((FIRST_GIVEN_OUT - 1 - wanted) / STEP);
  for (let tried = 0, port = wanted; tried < TRIES; tried++, port = wanted + STEP * randomInt(1, steps + 1)) {
    if ((await whyNotOpen(port)) === undefined) return port;
  }
  throw cannotStart(`Port ${wanted} and ${TRIES - 1} others like it are taken: stop what uses them.`);
}
