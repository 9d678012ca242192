import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const lines = fileURLToPath(new URL("./log-lines.ts", import.meta.url));

/** What is read of a process that kills itself in the tick in which it logs. */
function lastWords(): readonly string[] {
  const script = `
    import { pino } from "pino";
    import { logLines } from ${JSON.stringify(lines)};
    const logger = pino({ level: "info" }, logLines(2));
    logger.info("a tap");
    logger.error("the last");
    process.kill(process.pid, "SIGKILL");`;
  const { stderr, signal } = spawnSync(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], { cwd: fileURLToPath(new URL("../..", import.meta.url)), encoding: "utf8" });
  expect(signal).toBe("SIGKILL");
  return stderr.split("\n").flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as { msg: string }).msg]));
}

test("what is wrong is told by a process that is killed in the same moment", () => {
  expect(lastWords()).toContain("the last");
});
