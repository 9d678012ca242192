import { existsSync, readdirSync, readFileSync } from "node:fs";

/** What Linux tells of a process; nothing is measured by it elsewhere. */
export const HAS_PROC = existsSync("/proc/self/stat");
/** Linux counts in hundredths of a second towards programs, whatever it ticks in itself. */
const TICKS_A_SECOND = 100;

/** Loaded before a process whose memory is measured: SIGUSR2 leaves on its heap only what is still in use. */
export const COLLECTING = "scripts/bench/collect-on-signal.ts";

export type ProcStat = { readonly parent: number; readonly seconds: number; readonly ofEndedChildren: number };

/** A line of `/proc/<pid>/stat`; a program's name may hold anything, so it is passed over from behind. */
export function parseStat(line: string): ProcStat {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / TICKS_A_SECOND;
  return { parent: Number(fields[1]), seconds: ticks(11), ofEndedChildren: ticks(13) };
}

/** Bytes of `/proc/<pid>/status` that no file backs: what the process has taken for itself. */
export function parseAnonymousBytes(status: string): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

function statOf(pid: number | string): ProcStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

/** Of processor time that the process has used so far, and all that it started: Postgres is a process for each connection. */
export function cpuSeconds(pid: number): number {
  const all = new Map<number, ProcStat>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(name) : undefined;
    if (stat !== undefined) all.set(Number(name), stat);
  }
  let seconds = 0;
  const family = [pid];
  for (let member = family.pop(); member !== undefined; member = family.pop()) {
    const stat = all.get(member);
    if (stat !== undefined) seconds += stat.seconds + stat.ofEndedChildren;
    for (const [child, { parent }] of all) if (parent === member) family.push(child);
  }
  return seconds;
}

export function anonymousBytes(pid: number): number {
  return parseAnonymousBytes(readFileSync(`/proc/${pid}/status`, "latin1"));
}

/** Seconds of processor time that each of the processes uses from now until it is asked; of this one without what it started. */
export function cpuFromNow<Name extends string>(pids: Readonly<Record<Name, number>>): () => Record<Name, number> {
  const names = Object.keys(pids) as Name[];
  const used = (pid: number) => (pid === process.pid ? ownSeconds() : cpuSeconds(pid));
  const before = new Map(names.map((name) => [name, used(pids[name])]));
  return () => Object.fromEntries(names.map((name) => [name, used(pids[name]) - (before.get(name) ?? 0)])) as Record<Name, number>;
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
