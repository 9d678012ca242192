import { pino } from "pino";

const ERROR = 50;

/**
 * Where the hub's lines go. A line for each tap waits for no disk and no reader: what is written meanwhile goes along with the next. One that tells of
 * something wrong is written out before anything else happens: whoever kills the process would take its last words along.
 */
export function logLines(fd: number) {
  const lines = pino.destination({ dest: fd, sync: false });
  return {
    // Asks pino to say which level the line has.
    [Symbol.for("pino.metadata")]: true,
    lastLevel: 0,
    write(line: string): void {
      lines.write(line);
      if (this.lastLevel >= ERROR) lines.flushSync();
    },
    flushSync: () => lines.flushSync(),
  };
}
