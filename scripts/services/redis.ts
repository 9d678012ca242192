import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { cannotStart } from "../start/report.ts";
import { delay, freePort, hasExited, overChild, type RunningServer } from "./server.ts";

export type RedisOptions = {
  readonly dir: string;
  readonly port?: number;
  /** AOF, flushed every second. False is for tests only. */
  readonly durable: boolean;
  readonly databases?: number;
  readonly args?: readonly string[];
  readonly logFile: string;
  /** Hears the pid at once, also of one that never becomes ready. */
  readonly started?: (pid: number) => void;
};

/** True when a Redis answers PONG there; one that still loads its AOF does not. */
export function pingRedis(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const answer = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.once("error", () => answer(false));
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (data) => answer(data.toString("latin1").startsWith("+PONG")));
  });
}

function spawnRedis(options: RedisOptions, port: number): ChildProcess {
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", options.dir, "--daemonize", "no", "--save", ""];
  args.push("--appendonly", options.durable ? "yes" : "no", "--appendfsync", "everysec");
  args.push("--databases", String(options.databases ?? 16), ...(options.args ?? []));
  const log = openSync(options.logFile, "a");
  const child = spawn("redis-server", args, { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  child.on("error", () => {});
  return child;
}

async function launch(options: RedisOptions, port: number): Promise<ChildProcess> {
  const child = spawnRedis(options, port);
  if (child.pid !== undefined) options.started?.(child.pid);
  const deadline = Date.now() + 60_000;
  while (!(await pingRedis(port))) {
    const failed = hasExited(child) || child.pid === undefined;
    if (failed || Date.now() > deadline) {
      if (!failed) child.kill("SIGKILL");
      throw cannotStart(`Redis did not start: ${readFileSync(options.logFile, "utf8").trim().split("\n").slice(-3).join(" / ")}`);
    }
    await delay(20);
  }
  return child;
}

export async function runRedis(options: RedisOptions): Promise<RunningServer> {
  mkdirSync(options.dir, { recursive: true });
  const port = options.port ?? (await freePort());
  const relaunch = () => launch(options, port);
  const running = overChild(await relaunch(), "SIGTERM", relaunch);
  return Object.assign(running, { url: `redis://127.0.0.1:${port}`, port });
}
