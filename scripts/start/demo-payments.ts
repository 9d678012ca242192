import { createHmac } from "node:crypto";
import type { ProviderKind } from "#shared/events/payment.ts";

/** The providers of the demo: simulated ones, that every place is connected to. */
const PROVIDERS: readonly { readonly provider: string; readonly kind: ProviderKind; readonly name: string }[] = [
  { provider: "terminal-1", kind: "terminal", name: "Card terminal" },
  { provider: "qr-1", kind: "qr", name: "QR code" },
];

/** Environment of hub, consumers, simulator and seed. The keys follow from the installation's secret, so that they stay the same from start to start. */
export function demoPayments(secret: string, hubPort: number, simulatorPort: number): Readonly<Record<string, string>> {
  const key = (what: string) => createHmac("sha256", secret).update(`comanda/demo payments/${what}`).digest();
  const known = PROVIDERS.map(({ provider, kind }) => ({
    name: provider,
    kind,
    apiKey: key(`${provider} api`).toString("base64url"),
    webhookSecret: `whsec_${key(`${provider} webhooks`).toString("base64")}`,
  }));
  return {
    PAYMENT_PROVIDERS: JSON.stringify(known.map(({ name, apiKey, webhookSecret }) => ({ name, url: `http://127.0.0.1:${simulatorPort}/${name}`, apiKey, webhookSecrets: [webhookSecret] }))),
    PAYMENT_SIMULATOR_PROVIDERS: JSON.stringify(known.map((one) => ({ ...one, webhookUrl: `http://127.0.0.1:${hubPort}/webhooks/payments/${one.name}` }))),
    COMANDA_PAYMENTS: JSON.stringify(PROVIDERS),
  };
}
