import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { PrinterOptions } from "./printer.ts";
import { startSimulator } from "./simulator.ts";

/** `node scripts/printer-simulator/main.ts --http 9100 --printers '[{"name":"Bar","port":9101}]'`; `--paper FILE` keeps every slip, a line of JSON each: paper that is out stays out when this is killed. */
const { values } = parseArgs({ options: { http: { type: "string", default: "9100" }, host: { type: "string", default: "0.0.0.0" }, printers: { type: "string", default: "[]" }, paper: { type: "string" } } });

try {
  const simulator = await startSimulator({ http: Number(values.http), host: values.host, printers: readPrinters(values.printers) });
  const { paper } = values;
  if (paper !== undefined) simulator.tray.onSlip((slip) => appendFileSync(paper, `${JSON.stringify(slip)}\n`));
  const printers = simulator.printers.map((printer) => ({ name: printer.name, port: printer.state.port }));
  console.log(JSON.stringify({ ready: true, http: simulator.httpUrl, printers }));
  const stop = () => void simulator.stop().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
} catch (error) {
  console.error(`The printer simulator cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function readPrinters(text: string): PrinterOptions[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error("--printers must be a JSON list of { name, port }");
  return list.map((entry: unknown) => {
    const { name, port, dots, processId } = entry as Readonly<Record<string, unknown>>;
    if (typeof name !== "string" || typeof port !== "number") throw new Error("every printer needs a name and a port");
    return {
      name,
      port,
      ...(typeof dots === "number" ? { dots } : {}),
      ...(typeof processId === "boolean" ? { processId } : {}),
    };
  });
}
