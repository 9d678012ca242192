import { fstatSync, write, writeSync } from "node:fs";
import type { QueueSeen } from "./queue-seen.ts";

export type LineWriter = {
  /** Never waits and never throws; a line that finds no room is lost, and that is said in its place. */
  write(line: string): void;
  queue(): QueueSeen;
  /** What was written is out, or so much time has passed. */
  drained(withinMs: number): Promise<void>;
};

/** Characters. */
const BOUND = 4 << 20;

/**
 * Lines for stderr, beside the work. Whoever reads the pipe may stand still and the disk below the file may be full: the process goes on,
 * since a log that is not read is no reason for a kitchen to stop.
 */
export function lineWriter(bound = BOUND, fd = 2): LineWriter {
  const send = isPipe(fd) ? toPipe() : toFile(fd);
  let waiting: string[] = [];
  let length = 0;
  let underWay = 0;
  let lost = 0;
  let told = 0;
  let scheduled = false;
  const onDrained: (() => void)[] = [];

  function flush(): void {
    scheduled = false;
    if (underWay > 0) return;
    if (lost > told) waiting.push(lostLine(lost - told));
    told = lost;
    const text = waiting.join("");
    [waiting, length, underWay] = [[], 0, text.length];
    if (text === "") {
      for (const tell of onDrained.splice(0)) tell();
      return;
    }
    const lines = text.split("\n").length - 1;
    send(text, (error) => {
      underWay = 0;
      if (error !== null) lost += lines;
      // After a full disk or a reader that has gone only with the next line: nothing turns in a circle.
      if (error === null || length > 0 || onDrained.length > 0) schedule();
    });
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  process.on("exit", () => {
    try {
      if (length > 0) writeSync(fd, waiting.join(""));
    } catch {
      // No room, and no time to wait for any.
    }
  });

  return {
    write(line) {
      if (length + underWay + line.length > bound) {
        lost += 1;
        return;
      }
      waiting.push(line);
      length += line.length;
      if (underWay === 0) schedule();
    },
    queue: () => ({ queue: "log-lines", length: length + underWay, bound, full: lost }),
    async drained(withinMs) {
      if (length + underWay === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
        onDrained.push(resolve);
        schedule();
      });
      clearTimeout(timer);
    },
  };
}

type Send = (text: string, done: (error: Error | null) => void) => void;

function isPipe(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket();
}

/** Node's own stream writes what the pipe takes and waits for the rest in the event loop. It is the same for every writer of a process. */
function toPipe(): Send {
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
  return (text, done) => void process.stderr.write(text, (error) => done(error ?? null));
}

function toFile(fd: number): Send {
  return (text, done) => {
    const bytes = Buffer.from(text);
    const next = (from: number) =>
      write(fd, bytes, from, bytes.length - from, null, (error, written) => {
        if (error !== null || from + written === bytes.length) done(error);
        else next(from + written);
      });
    next(0);
  };
}

function lostLine(lines: number): string {
  return `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, lines, msg: "log lines found no room and are lost" })}\n`;
}
