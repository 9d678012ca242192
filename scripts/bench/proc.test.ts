import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { cpuFromNow, cpuSeconds, HAS_PROC, parseAnonymousBytes, parseStat } from "./proc.ts";

test("a process's times are read from behind its name, whatever the name is", () => {
  const line = "4711 (a) R 1 (b)) S 42 1 1 0 -1 4194304 10 20 0 0 150 50 30 20 20 0 1 0 100 0 0 0";
  expect(parseStat(line)).toEqual({ parent: 42, seconds: 2, ofEndedChildren: 0.5 });
});

test("memory is what no file backs", () => {
  expect(parseAnonymousBytes("VmRSS:\t  9000 kB\nRssAnon:\t    2048 kB\nRssFile:\t 100 kB\n")).toBe(2 * 1024 * 1024);
  expect(parseAnonymousBytes("Name:\tkthreadd\n")).toBeNaN();
});

test.runIf(HAS_PROC)("a process that worked has used processor time", () => {
  const before = cpuSeconds(process.pid);
  const used = process.cpuUsage();
  while (process.cpuUsage(used).user < 60_000);
  expect(cpuSeconds(process.pid) - before).toBeGreaterThan(0.03);
  expect(cpuSeconds(2 ** 30)).toBe(0);
});

test.runIf(HAS_PROC)("the load's own time is told without that of what it started", () => {
  const used = cpuFromNow({ load: process.pid, child: 2 ** 30 });
  execFileSync(process.execPath, ["-e", "const used = process.cpuUsage(); while (process.cpuUsage(used).user < 300_000);"]);
  expect(cpuSeconds(process.pid)).toBeGreaterThan(0.3);
  expect(used().load).toBeLessThan(0.25);
  expect(used().child).toBe(0);
});
