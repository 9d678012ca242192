import { join } from "node:path";
import { runServices } from "./run-services.ts";

const HOOK = `--import=${new URL("./stripped-once.mjs", import.meta.url).href}`;

/** What a Node process is given in its environment to start without stripping types that another of this run has stripped. */
export function quickStart(): Readonly<Record<string, string>> {
  const options = (process.env["NODE_OPTIONS"] ?? "").split(" ").filter((option) => option !== "" && option !== HOOK);
  return { COMANDA_TEST_STRIPPED: join(runServices().dir, "stripped"), NODE_OPTIONS: [...options, HOOK].join(" ") };
}
