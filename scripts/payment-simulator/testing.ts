import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AttemptView, RefundView } from "#shared/protocol/payment-provider.ts";
import type { Mood } from "./moods.ts";
import type { ProviderOptions } from "./provider.ts";
import type { Delivery } from "./webhooks.ts";

export type SimulatedState = { readonly name: string; readonly mood: Mood; readonly attempts: readonly AttemptView[]; readonly refunds: readonly RefundView[]; readonly deliveries: readonly Delivery[] };
export type TestSimulator = {
  readonly url: string;
  mood(provider: string, mood: Mood): Promise<void>;
  guest(provider: string, attempt: string, what: "approve" | "decline" | "expire" | "settle" | "reverse", more?: { readonly tip?: string; readonly amount?: string }): Promise<void>;
  state(provider: string): Promise<SimulatedState>;
  stop(): void;
};

/** The simulator as `npm start` runs it: a process of its own. */
export async function startTestSimulator(providers: readonly Omit<ProviderOptions, "publicUrl">[]): Promise<TestSimulator> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url)), "--http", "0", "--host", "127.0.0.1"], {
    env: { ...process.env, PAYMENT_SIMULATOR_PROVIDERS: JSON.stringify(providers) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the payment simulator ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) resolve((JSON.parse(line) as { http: string }).http);
    });
  });
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}/api/providers/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  return {
    url,
    mood: (provider, mood) => post(`${provider}/mood`, mood),
    guest: (provider, attempt, what, more = {}) => post(`${provider}/attempts/${attempt}`, { do: what, ...more }),
    async state(provider) {
      const all = (await (await fetch(`${url}/api/providers`)).json()) as readonly SimulatedState[];
      const found = all.find(({ name }) => name === provider);
      if (!found) throw new Error(`no provider ${provider}`);
      return found;
    },
    stop: () => void child.kill("SIGKILL"),
  };
}
