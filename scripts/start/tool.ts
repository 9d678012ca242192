import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "./child.ts";

export type ToolRun = { readonly status: number; readonly output: string };

/** Runs a program to its end and keeps what it printed. */
export function runTool(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  started?: (pid: number) => void,
): Promise<ToolRun> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    if (child.pid !== undefined) started?.(child.pid);
    let output = "";
    const keep = (chunk: Buffer) => (output += chunk.toString("utf8"));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => resolve({ status: 127, output: error.message }));
    child.once("close", (code) => resolve({ status: code ?? 1, output: stripVTControlCharacters(output) }));
  });
}

export function tail(output: string, lines = 12): string {
  return output.trim().split("\n").slice(-lines).join("\n");
}
