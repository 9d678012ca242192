import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { z } from "zod";
import { providerKind, providerName } from "#shared/events/payment.ts";
import { simulatorHttp } from "./http.ts";
import { SimulatedProvider } from "./provider.ts";

/** `node scripts/payment-simulator/main.ts --http 9200 --providers '[{"name":"terminal-1","kind":"terminal","apiKey":"…","webhookSecret":"whsec_…","webhookUrl":"http://…"}]'` */
const { values } = parseArgs({ options: { http: { type: "string", default: "9200" }, host: { type: "string", default: "0.0.0.0" }, public: { type: "string" }, providers: { type: "string", default: "" } } });
const given = z.array(z.object({ name: providerName, kind: providerKind, apiKey: z.string(), webhookSecret: z.string(), webhookUrl: z.url() }));

try {
  // Secrets come by the environment, so that they stand in no list of processes.
  const providers = given.parse(JSON.parse(values.providers || process.env["PAYMENT_SIMULATOR_PROVIDERS"] || "[]")).map((options) => new SimulatedProvider({ ...options, publicUrl: values.public ?? `http://127.0.0.1:${values.http}` }));
  const http = simulatorHttp(providers);
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(Number(values.http), values.host, resolve);
  });
  console.log(JSON.stringify({ ready: true, http: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }));
  const stop = () => {
    // Whatever hangs now is nobody's money.
    setTimeout(() => process.exit(0), 2_000).unref();
    for (const provider of providers) provider.stop();
    http.closeAllConnections();
    http.close(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
} catch (error) {
  console.error(`The payment simulator cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
