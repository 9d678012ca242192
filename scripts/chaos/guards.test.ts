import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { ROOT } from "../start/child.ts";
import { chosenOne } from "./options.ts";
import { GUARDS } from "./guards.ts";

const changes = vi.hoisted((): [path: string, from: string, to: string][] => []);
vi.mock("../survival/substitute.mjs", () => ({ substitute: (more: typeof changes) => void changes.push(...more) }));

test.for(GUARDS.map(({ name }) => name))("%s is still there to be switched off", async (name) => {
  changes.length = 0;
  await import(`./guards/${name}.mjs`);
  expect(changes).not.toHaveLength(0);
  for (const [path, from, to] of changes) {
    expect(readFileSync(`${ROOT}${path}`, "utf8")).toContain(from);
    expect(to).not.toBe(from);
  }
});

const BEHIND = "ledger stands at 3/90, the log at 97";
const reported = (guard: string, ...findings: string[]) => chosenOne(GUARDS, guard).harm(findings);

test("consumers that are merely behind are no harm of a guard", () => {
  const absent = ["item on a ticket: itm_1 at station by evt_1 is there 0 times, not 1", "posting: evt_1 as sale is there 0 times, not 1", "print job: ticket for evt_1 on prn_1 is there 0 times, not 1", "day of sales: 2026-11-22 3 is there 1 times, not 0", "sum of movements: flour 3 is there 0 times, not 1"];
  for (const guard of ["fencing", "position-check"]) {
    expect(reported(guard, ...absent, BEHIND)).toEqual([]);
    expect(reported(guard, ...absent)).not.toEqual([]);
  }
});

test("what is there twice is the harm of a missing fence, whoever else is behind", () => {
  const twice = "posting: evt_1 as sale is there 2 times, not 1";
  expect(reported("fencing", twice, BEHIND)).toEqual([twice]);
  expect(reported("fencing", "what was asked for: check.present of chk_1 is there 2 times, not 1", BEHIND)).toEqual([]);
});

test("a day that counts more than the log has is the harm of a missing fence, whoever else is behind", () => {
  const day = (has: number, is: number) => [`day of sales: mer_1 2026-11-22: ${has} for 42223 is there 0 times, not 1`, `day of sales: mer_1 2026-11-22: ${is} for 71155 is there 1 times, not 0`];
  expect(reported("fencing", ...day(17, 28), BEHIND)).toEqual(day(17, 28).slice(1));
  expect(reported("fencing", ...day(28, 17), BEHIND)).toEqual([]);
});
