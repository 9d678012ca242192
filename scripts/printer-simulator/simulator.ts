import type { AddressInfo } from "node:net";
import { simulatorHttp } from "./http.ts";
import { SimulatedPrinter, type PrinterOptions } from "./printer.ts";
import { SlipTray } from "./slips.ts";

export type RunningSimulator = {
  readonly httpUrl: string;
  readonly printers: readonly SimulatedPrinter[];
  readonly tray: SlipTray;
  stop(): Promise<void>;
};

/** Tests run it in their own process; `main.ts` is a process of its own. Port 0 takes a free one. */
export async function startSimulator(options: { readonly http: number; readonly host?: string; readonly printers: readonly PrinterOptions[] }): Promise<RunningSimulator> {
  const tray = new SlipTray();
  const printers = options.printers.map((printer) => new SimulatedPrinter(printer, tray));
  const http = simulatorHttp({ printers, tray });
  const stop = async () => {
    http.closeAllConnections();
    await Promise.all([new Promise<void>((resolve) => http.close(() => resolve())), ...printers.map((printer) => printer.close())]);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(options.http, options.host ?? "0.0.0.0", resolve);
    });
    for (const printer of printers) await printer.open();
  } catch (error) {
    await stop();
    throw error;
  }
  const { port } = http.address() as AddressInfo;
  return { httpUrl: `http://127.0.0.1:${port}`, printers, tray, stop };
}
