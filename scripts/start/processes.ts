import { runChild, type RunningChild } from "./child.ts";
import type { DataFolder } from "./data-folder.ts";
import type { DemoPorts } from "./demo-printers.ts";
import { lanAddress } from "./welcome.ts";

export type Environment = Readonly<Record<string, string>>;

export type OurProcesses = {
  readonly hub: RunningChild;
  readonly consumers: RunningChild;
  readonly printers: RunningChild;
  readonly payments: RunningChild;
};

/** Hub, consumers, and the printers and payment providers that stand in for real ones; all at once. */
export async function runProcesses(folder: DataFolder, env: Environment, demo: DemoPorts): Promise<OurProcesses> {
  const run = (name: string, script: string, args: readonly string[] = []) =>
    runChild({ name, script, args, env, logFile: folder.logFile(name) }, (pid) => folder.noteStarted(name, pid));
  const printers = demo.printers.map(({ name, port }) => ({ name, port }));
  const [hub, consumers, simulator, payments] = await Promise.all([
    run("hub", "hub/main.ts"),
    run("consumers", "consumers/main.ts"),
    run("printers", "scripts/printer-simulator/main.ts", ["--http", String(demo.http), "--printers", JSON.stringify(printers)]),
    run("payments", "scripts/payment-simulator/main.ts", ["--http", String(demo.payments), "--public", `http://${lanAddress() ?? "127.0.0.1"}:${demo.payments}`]),
  ]);
  return { hub, consumers, printers: simulator, payments };
}
