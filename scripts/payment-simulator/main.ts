import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { providerKind, providerName } from "#shared/events/payment.ts";
import { booksIn } from "./books.ts";
import { simulatorHttp } from "./http.ts";
import { SimulatedProvider, type Remembered } from "./provider.ts";

/** `node scripts/payment-simulator/main.ts --http 9200 --providers '[{"name":"terminal-1","kind":"terminal","apiKey":"…","webhookSecret":"whsec_…","webhookUrl":"http://…"}]'`; `--books FOLDER` to be the same after it was killed. */
const { values } = parseArgs({ options: { http: { type: "string", default: "9200" }, host: { type: "string", default: "0.0.0.0" }, public: { type: "string" }, books: { type: "string" }, providers: { type: "string", default: "" } } });
const given = z.array(z.object({ name: providerName, kind: providerKind, apiKey: z.string(), webhookSecret: z.string(), webhookUrl: z.url() }));

try {
  // Secrets come by the environment, so that they stand in no list of processes.
  const providers = given.parse(JSON.parse(values.providers || process.env["PAYMENT_SIMULATOR_PROVIDERS"] || "[]")).map((options) => new SimulatedProvider({ ...options, publicUrl: values.public ?? `http://127.0.0.1:${values.http}` }, values.books === undefined ? undefined : booksIn<Remembered>(join(values.books, `${options.name}.json`))));
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
