import { expect as base } from "@playwright/test";

/** The machine may be busy with a whole restaurant; also outside of Playwright's runner, where its settings do not reach. */
export const expect = base.configure({ timeout: 30_000 });
