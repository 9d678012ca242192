import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { portNear } from "./port.ts";

/** A printer's address as the demo restaurant knows it, and as the simulator opens it. */
export type DemoPrinter = { readonly name: string; readonly host: string; readonly port: number };
/** `payments`: of the payment simulator. */
export type DemoPorts = { readonly http: number; readonly payments: number; readonly printers: readonly DemoPrinter[] };

const NAMES = ["Bar", "Grill", "Kitchen", "Receipts", "Counter", "Warung"];
const FIRST_PORT = 9100;
const PAYMENTS_PORT = 9200;

/** The restaurant's settings remember its printers' addresses, so that the ports stay the same from start to start. */
export async function demoPorts(dir: string): Promise<DemoPorts> {
  const path = join(dir, "demo.json");
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Partial<DemoPorts>) : undefined;
  const printers: DemoPrinter[] = [...(kept?.printers ?? [])];
  const http = kept?.http ?? (await portNear(FIRST_PORT));
  for (const [index, name] of NAMES.entries()) {
    // An earlier start may have been of a demo with fewer places.
    if (printers.some((printer) => printer.name === name)) continue;
    printers.push({ name, host: "127.0.0.1", port: await portNear(FIRST_PORT + 1 + index) });
  }
  const payments = kept?.payments ?? (await portNear(PAYMENTS_PORT));
  const ports: DemoPorts = { http, payments, printers };
  writeFileSync(path, JSON.stringify(ports));
  return ports;
}
