import { defineConfig } from "vitest/config";

const SLOWER = ["**/*.pg.test.ts", "**/*.e2e.test.ts", "**/*.survival.test.ts"];
const IGNORED = ["**/node_modules/**", "**/dist/**", "**/.data/**"];
/** Loading what is tested anew for each file took longer than testing it; a file's own database, Redis and clock are what keeps it apart. */
const isolate = false;
/** Files with servers at a time, on two processors: they wait for their servers, and for what they have started or killed, more than they work. */
const WAITING = 3;
const services = "./scripts/testing/global-setup.ts";
/** What is polled for comes, but not at once while the machine is busy with other tests; Vitest's own is a second. */
const expected = { poll: { timeout: 10_000 } };
const setupFiles = "./scripts/testing/property-seed.ts";
const asItWas = "./scripts/testing/as-it-was.ts";
const quickChildren = "./scripts/testing/quick-children.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          expect: expected,
          setupFiles: [setupFiles, asItWas],
          include: ["{shared,hub,consumers,clients,scripts}/**/*.test.{ts,tsx}"],
          exclude: [...IGNORED, ...SLOWER],
          isolate,
          maxWorkers: 2,
          // A property test may take seconds of its own, and the machine may be busy.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "services",
          expect: expected,
          setupFiles: [setupFiles, quickChildren, asItWas, "./scripts/testing/own-redis.ts"],
          include: ["{shared,hub,consumers,clients,scripts}/**/*.pg.test.ts"],
          exclude: IGNORED,
          globalSetup: services,
          isolate,
          pool: "forks",
          maxWorkers: WAITING,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Whole processes are started and killed.
        test: {
          name: "processes",
          expect: expected,
          setupFiles: quickChildren,
          include: ["{hub,consumers,clients,scripts}/**/*.{e2e,survival}.test.ts"],
          exclude: IGNORED,
          globalSetup: services,
          pool: "forks",
          maxWorkers: WAITING,
          // They end what hangs; no promise is measured by them.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
