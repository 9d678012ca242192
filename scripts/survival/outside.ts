import { readFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AttemptView, RefundView } from "#shared/protocol/payment-provider.ts";
import type { PaymentProvider } from "#shared/events/payment.ts";
import type { Mood as ProviderMood } from "../payment-simulator/moods.ts";
import type { Mood as PrinterMood } from "../printer-simulator/moods.ts";
import type { SlipJson } from "../printer-simulator/slips.ts";
import { demoPayments } from "../start/demo-payments.ts";
import { runChild } from "../start/child.ts";
import type { PrinterAddress } from "../seed/seed-place.ts";
import { freePort, type RunningProcess } from "../services/server.ts";

export type ProviderBooks = { readonly name: string; readonly attempts: readonly AttemptView[]; readonly refunds: readonly RefundView[]; /** Webhooks that nobody has acknowledged yet. */ readonly undelivered: number };

/** What is not ours and misbehaves: printers and payment providers, as processes that can be killed. What was printed stays printed, and no provider forgets a charge. */
export type Outside = {
  readonly printers: RunningProcess;
  readonly provider: RunningProcess;
  /** Where the printers are; under other ports when something stands before them. */
  readonly addresses: readonly PrinterAddress[];
  readonly connected: readonly PaymentProvider[];
  /** Environment of hub and consumers. */
  readonly env: Readonly<Record<string, string>>;
  /** Every slip that came out of any printer, in order. */
  paper(): readonly SlipJson[];
  /** How often so far the printers were started again. */
  printersDied(): number;
  /** Empty at first. */
  books(): Promise<readonly ProviderBooks[]>;
  printerMood(printer: string, mood: PrinterMood): Promise<void>;
  providerMood(provider: string, mood: ProviderMood): Promise<void>;
  /** How often somebody came upon the printer's mood since it was set; that its port is closed, it does not notice. */
  printerMet(printer: string): Promise<number>;
  providerMet(provider: string): Promise<number>;
  stop(): Promise<void>;
};

export type OutsideOptions = {
  readonly dir: string;
  readonly names: readonly string[];
  readonly secret: string;
  /** Where the providers' webhooks go. */
  readonly webhooks: number;
  readonly started: (pid: number) => void;
};

export async function openOutside({ dir, names, secret, webhooks, started }: OutsideOptions): Promise<Outside> {
  const books = join(dir, "books");
  const paperFile = join(dir, "paper.jsonl");
  const printersLog = join(dir, "printers.log");
  mkdirSync(books, { recursive: true });
  const [printersAt, paymentsAt] = [await freePort(), await freePort()];
  const addresses: PrinterAddress[] = [];
  for (const name of names) addresses.push({ name, host: "127.0.0.1", port: await freePort() });
  const env = demoPayments(secret, webhooks, paymentsAt);
  const local = ["--host", "127.0.0.1", "--http"];
  const [printers, provider] = await Promise.all([
    runChild({ name: "printers", script: "scripts/printer-simulator/main.ts", args: [...local, String(printersAt), "--printers", JSON.stringify(addresses), "--paper", paperFile], env: {}, logFile: printersLog }, started),
    runChild({ name: "provider", script: "scripts/payment-simulator/main.ts", args: [...local, String(paymentsAt), "--books", books], env, logFile: join(dir, "provider.log") }, started),
  ]);
  const connected = JSON.parse(env["COMANDA_PAYMENTS"] ?? "[]") as readonly PaymentProvider[];
  const tell = async (port: number, path: string, body: unknown) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/${path}`, { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const read = async (port: number, path: string): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/api/${path}`, { signal: AbortSignal.timeout(5_000) })).json();
  const met = async (port: number, path: string, one: string) => ((await read(port, path)) as readonly { readonly name: string; readonly met: number }[]).find(({ name }) => name === one)?.met ?? 0;
  return {
    printers,
    provider,
    addresses,
    connected,
    env,
    paper: () => (existsSync(paperFile) ? readFileSync(paperFile, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as SlipJson) : []),
    // Its first line each time says that it is ready.
    printersDied: () => readFileSync(printersLog, "utf8").split("\n").filter((line) => line.startsWith('{"ready":true')).length - 1,
    books: async () => (await read(paymentsAt, "providers")) as readonly ProviderBooks[],
    printerMood: (printer, mood) => tell(printersAt, `printers/${encodeURIComponent(printer)}/mood`, mood),
    providerMood: (name, mood) => tell(paymentsAt, `providers/${name}/mood`, mood),
    printerMet: (printer) => met(printersAt, "printers", printer),
    providerMet: (name) => met(paymentsAt, "providers", name),
    async stop() {
      await Promise.all([printers.stop(), provider.stop()]);
    },
  };
}
