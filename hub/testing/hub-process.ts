import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "#hub/api/router.ts";
import { testRedis, type TestDatabase } from "#scripts/testing/services.ts";
import { SECRET, UNBOUNDED, type Api } from "./hub-fixture.ts";

export type HubProcess = { readonly url: string; readonly pid: number; api(bearer?: string): Api; stop(): void };

/** Another hub of the same place as a process of its own: it shares the database and nothing else. */
export async function startHubProcess(database: TestDatabase, settings: Readonly<Record<string, string>> = {}): Promise<HubProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../main.ts", import.meta.url))], {
    env: { ...process.env, HUB_DATABASE_URL: database.hubUrl, CONSUMER_DATABASE_URL: database.consumerUrl, REDIS_URL: testRedis().url, COMANDA_SECRET: SECRET, COMANDA_DEMO: "0", ...UNBOUNDED, PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "error", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += String(bytes);
      if (said.includes("\n")) resolve((JSON.parse(said.slice(0, said.indexOf("\n"))) as { port: number }).port);
    });
    child.once("exit", (code) => reject(new Error(`the hub ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    pid: child.pid ?? 0,
    api: (bearer) => createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } })] }),
    stop: () => void child.kill("SIGKILL"),
  };
}
