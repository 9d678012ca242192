import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { ROOT } from "../start/child.ts";
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
