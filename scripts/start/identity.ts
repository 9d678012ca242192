import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Tells a process from a later one under the same number: when it started, to the tick. Its command is no part of it,
 * since Redis renames itself. Undefined when no such process runs.
 */
export function identityOf(pid: number): string | undefined {
  if (process.platform !== "linux") return ps("lstart=", pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTicks] = [fields[0], fields[19]];
    return state === "Z" ? undefined : `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${startTicks}`;
  } catch {
    return undefined;
  }
}

export function commandOf(pid: number): string {
  if (process.platform !== "linux") return ps("command=", pid) ?? "";
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

function ps(column: string, pid: number): string | undefined {
  const run = spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" });
  return run.status === 0 && run.stdout.trim() !== "" ? run.stdout.trim() : undefined;
}
