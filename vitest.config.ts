import { defineConfig } from "vitest/config";

const SLOWER = ["**/*.pg.test.ts", "**/*.e2e.test.ts", "**/*.survival.test.ts"];
const IGNORED = ["**/node_modules/**", "**/dist/**", "**/.data/**"];
const services = "./scripts/testing/global-setup.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: ["{shared,hub,consumers,clients,scripts}/**/*.test.{ts,tsx}"],
          exclude: [...IGNORED, ...SLOWER],
        },
      },
      {
        test: {
          name: "services",
          include: ["{shared,hub,consumers,clients,scripts}/**/*.pg.test.ts"],
          exclude: IGNORED,
          globalSetup: services,
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Whole processes are started, killed and timed: one file at a time, with the machine to itself.
        test: {
          name: "processes",
          include: ["{hub,consumers,clients,scripts}/**/*.{e2e,survival}.test.ts"],
          exclude: IGNORED,
          globalSetup: services,
          pool: "forks",
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
