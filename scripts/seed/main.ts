import type { PaymentProvider } from "#shared/events/payment.ts";
import { seedClient } from "./client.ts";
import { PLACES, tenantOf } from "./places.ts";
import { seedPlace, type PrinterAddress } from "./seed-place.ts";

/**
 * Seeds the demo through the hub's API and leaves alone what is there. Needs HUB_URL and COMANDA_SECRET;
 * COMANDA_PRINTERS lists the printers as JSON, `[{ name, host, port }]`, COMANDA_PAYMENTS the payment providers, `[{ provider, kind, name }]`. Says what it did in one line of JSON.
 */
async function main(): Promise<void> {
  const { HUB_URL: hubUrl, COMANDA_SECRET: secret } = process.env;
  if (hubUrl === undefined || secret === undefined) throw new Error("set HUB_URL and COMANDA_SECRET");
  const printers = JSON.parse(process.env["COMANDA_PRINTERS"] ?? "[]") as readonly PrinterAddress[];
  const payments = JSON.parse(process.env["COMANDA_PAYMENTS"] ?? "[]") as readonly PaymentProvider[];
  let made = 0;
  for (const place of PLACES) {
    made += await seedPlace(place, printers, seedClient(hubUrl, secret, tenantOf(place)), payments);
  }
  const people = PLACES.flatMap(({ profile, people }) => people.map(({ name, role, pin }) => ({ place: profile.name, name, role, pin })));
  const names = new Intl.ListFormat("en").format(PLACES.map(({ profile }) => profile.name));
  console.log(JSON.stringify({ says: made === 0 ? `${names} are there` : `${names} made`, people }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
