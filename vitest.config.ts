import { defineConfig } from "vitest/config";

const SLOWER = ["**/*.pg.test.ts", "**/*.e2e.test.ts", "**/*.survival.test.ts"];
const IGNORED = ["**/node_modules/**", "**/dist/**", "**/.data/**"];
const services = "./scripts/testing/global-setup.ts";
const setupFiles = "./scripts/testing/property-seed.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          setupFiles,
          include: ["{shared,hub,consumers,clients,scripts}/**/*.test.{ts,tsx}"],
          exclude: [...IGNORED, ...SLOWER],
          maxWorkers: 2,
          // A property test may take seconds of its own, and the machine may be busy.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "services",
          setupFiles,
          include: ["{shared,hub,consumers,clients,scripts}/**/*.pg.test.ts"],
          exclude: IGNORED,
          globalSetup: services,
          pool: "forks",
          // They wait for their servers more than they work.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Whole processes are started and killed, and much of the time somebody is being waited for.
        test: {
          name: "processes",
          include: ["{hub,consumers,clients,scripts}/**/*.{e2e,survival}.test.ts"],
          exclude: IGNORED,
          globalSetup: services,
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
