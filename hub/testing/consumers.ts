import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { testRedis } from "#scripts/testing/services.ts";
import { SECRET, until, type HubFixture } from "./hub-fixture.ts";

export type TestConsumers = {
  /** Until every consumer has applied what is in the log now. */
  caughtUp(): Promise<void>;
  stop(): void;
};

/** The consumers as a process of their own, as in production. */
export function startTestConsumers(fixture: HubFixture, settings: Readonly<Record<string, string>> = {}): TestConsumers {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../../consumers/main.ts", import.meta.url))], {
    env: { ...process.env, CONSUMER_DATABASE_URL: fixture.database.consumerUrl, REDIS_URL: testRedis().url, COMANDA_SECRET: SECRET, CONSUMERS_NAME: `test-${process.pid}`, LOG_LEVEL: "error", ...settings },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return {
    caughtUp: () =>
      until("the consumers' catching up", async () => {
        const { consumers } = (await (await fetch(`${fixture.url}/healthz`)).json()) as { consumers: Record<string, string> | null };
        return consumers !== null && Object.keys(consumers).length > 0 && Object.values(consumers).every((lag) => lag === "0");
      }),
    stop: () => void child.kill("SIGKILL"),
  };
}
