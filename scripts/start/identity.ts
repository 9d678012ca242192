import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Tells a process from a later one under the same number: when it started and what it runs.
 * Undefined when no such process runs.
 */
export function identityOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [state, startTicks] = [fields[0], fields[19]];
      return state === "Z" ? undefined : `${startTicks} ${commandOf(pid)}`;
    } catch {
      return undefined;
    }
  }
  const ps = spawnSync("ps", ["-o", "lstart=,command=", "-p", String(pid)], { encoding: "utf8" });
  return ps.status === 0 && ps.stdout.trim() !== "" ? ps.stdout.trim() : undefined;
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
}
