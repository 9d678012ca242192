import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Writes 2,000 lines of a kilobyte where so many bytes have room, says on stdout that it is alive and what it has lost, and ends. */
const WRITES = `
  import { lineWriter } from ${JSON.stringify(new URL("./line-writer.ts", import.meta.url).href)};
  const lines = lineWriter(Number(process.argv[2]));
  for (let i = 0; i < 2_000; i++) {
    lines.write(JSON.stringify({ i, text: "x".repeat(1_000) }) + "\\n");
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await lines.drained(100);
  const { length, bound, full } = lines.queue();
  process.stdout.write(JSON.stringify({ length, bound, full }) + "\\n");
  if (process.argv[1] === "stay") { process.stdin.resume(); process.stdin.on("end", async () => { await lines.drained(2_000); process.exit(0); }); }
  else process.exit(0);
`;
function start(stderr: "pipe" | number, mode = "go", bound = 100_000) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", WRITES, mode, String(bound)], { stdio: ["pipe", "pipe", stderr] });
  const said = once(child.stdout ?? child, "data").then(([bytes]) => JSON.parse(String(bytes)) as { length: number; bound: number; full: number });
  return { child, said, exit: once(child, "exit") };
}

test("regression: who reads the pipe of a log and stands still does not stop the process, and its lines are lost beyond a bound", async () => {
  const { child, said, exit } = start("pipe");
  const seen = await said;
  expect(seen.full).toBeGreaterThan(1_000);
  expect(seen.length).toBeLessThanOrEqual(seen.bound);
  expect((await exit)[0]).toBe(0);
  child.stderr?.destroy();
});

test("what was lost is said when somebody reads again", async () => {
  const { child, said, exit } = start("pipe", "stay");
  const { full } = await said;
  let text = "";
  child.stderr?.on("data", (bytes) => (text += String(bytes)));
  child.stdin?.end();
  expect((await exit)[0]).toBe(0);
  const lines = text.trim().split("\n").map((line) => JSON.parse(line) as { i?: number; lines?: number; msg?: string });
  const told = lines.filter(({ msg }) => msg === "log lines found no room and are lost").reduce((sum, line) => sum + (line.lines ?? 0), 0);
  expect(told).toBe(full);
  expect(lines.filter(({ i }) => i !== undefined)).toHaveLength(2_000 - full);
});

test("regression: a log file on a full disk does not end the process, and a file with room has every line once", async () => {
  const full = openSync("/dev/full", "w");
  const over = start(full, "go", 10_000_000);
  closeSync(full);
  expect((await over.said).full).toBeGreaterThan(1_000);
  expect((await over.exit)[0]).toBe(0);
  const dir = mkdtempSync(join(tmpdir(), "comanda-lines-"));
  const file = openSync(join(dir, "log"), "a");
  const fine = start(file, "go", 10_000_000);
  closeSync(file);
  expect((await fine.said).full).toBe(0);
  expect((await fine.exit)[0]).toBe(0);
  expect(readFileSync(join(dir, "log"), "utf8").trim().split("\n").map((line) => (JSON.parse(line) as { i: number }).i)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
  rmSync(dir, { recursive: true });
});
