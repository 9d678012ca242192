import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { ChildProcess } from "node:child_process";

/** A process that we started: tests kill it, `npm start` stops it. */
export type RunningProcess = {
  /** Of the process now running; another one after `restart()`. */
  readonly pid: number;
  /** Resolves when the process now running is gone, by whatever cause. */
  ended(): Promise<void>;
  /** Graceful, then SIGKILL after ten seconds; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Sends the signal; for one that ends the process, resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same data and port, after stopping it when it still runs. */
  restart(): Promise<void>;
};

export type RunningServer = RunningProcess & { readonly url: string; readonly port: number };

/** Below those that systems give to outgoing connections, any of which might take the port before it is used. */
const PORTS = { from: 20_000, to: 32_000 };

/** Nobody listens there on loopback; this process is not given it twice. */
export async function freePort(): Promise<number> {
  let port: number;
  do port = randomInt(PORTS.from, PORTS.to);
  while (given.has(port) || !(await canListen(port)));
  given.add(port);
  return port;
}

const given = new Set<number>();

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

export function isPortOpen(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function waitFor(what: string, timeoutMs: number, ready: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ready())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`);
    await delay(25);
  }
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

export function exitOf(child: ChildProcess): Promise<void> {
  return hasExited(child) ? Promise.resolve() : new Promise((resolve) => child.once("exit", () => resolve()));
}

/** The signals after which a process is still there. */
const SURVIVED: ReadonlySet<NodeJS.Signals> = new Set(["SIGSTOP", "SIGCONT", "SIGHUP", "SIGUSR1", "SIGUSR2"]);

/** What RunningProcess asks for, over a child that a relaunch replaces. */
export function overChild(first: ChildProcess, stopSignal: NodeJS.Signals, relaunch: () => Promise<ChildProcess>): RunningProcess {
  let child = first;
  const running: RunningProcess = {
    get pid() {
      return child.pid ?? -1;
    },
    ended: () => exitOf(child),
    async kill(signal) {
      child.kill(signal);
      if (!SURVIVED.has(signal)) await exitOf(child);
    },
    async stop() {
      if (hasExited(child)) return;
      child.kill(stopSignal);
      // A stopped (SIGSTOP) process hears nothing but SIGKILL.
      const grace = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await exitOf(child);
      clearTimeout(grace);
    },
    async restart() {
      await running.stop();
      child = await relaunch();
    },
  };
  return running;
}

/** EPERM means that it runs and is somebody else's. */
export function isRunning(pid: number): boolean {
  // To kill() these mean groups, or everybody: there is always one that answers.
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return !hasEndedUnreaped(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Linux: ended, and kept as a number until the parent asks; a container's first process may take its time. */
function hasEndedUnreaped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.startsWith("Z", stat.lastIndexOf(")") + 2);
  } catch {
    return false;
  }
}

/** Ends a process by its id: the first signal, then SIGKILL when it has not gone in time. */
export async function endProcess(pid: number, signal: NodeJS.Signals, graceMs = 10_000): Promise<void> {
  if (!isRunning(pid)) return;
  process.kill(pid, signal);
  try {
    await waitFor(`the end of process ${pid}`, graceMs, () => !isRunning(pid));
  } catch {
    if (isRunning(pid)) process.kill(pid, "SIGKILL");
    await waitFor(`the end of process ${pid}`, 5_000, () => !isRunning(pid));
  }
}
