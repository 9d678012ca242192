import { parentPort } from "node:worker_threads";
import type { FromRender, Row, ToRender } from "../model.ts";
import { slipPdf } from "./slip-pdf.ts";
import { slipXlsx } from "./slip-xlsx.ts";
import { tablePdf } from "./table-pdf.ts";
import { tableXlsx } from "./table-xlsx.ts";

/** A thread of its own: a long file must not keep the consumers' process from renewing its leases. One page of rows at a time. */
type Sheet = { rows(rows: readonly Row[]): Promise<void>; end(): Promise<Uint8Array> };

let sheet: Sheet | undefined;

async function answer(message: ToRender): Promise<FromRender> {
  if ("start" in message) {
    const { start, format } = message;
    if (start.kind === "slip") return { bytes: format === "pdf" ? await slipPdf(start.slip) : await slipXlsx(start.slip) };
    sheet = format === "pdf" ? await tablePdf(start.table) : tableXlsx(start.table);
    return { ready: true };
  }
  if (sheet === undefined) throw new Error("rows before the table");
  if ("end" in message) return { bytes: await sheet.end() };
  await sheet.rows(message.rows);
  return { ready: true };
}

parentPort?.on("message", (message: ToRender) => {
  // What is thrown ends the thread, which its owner hears of.
  void answer(message).then((said) => parentPort?.postMessage(said), (error: unknown) => process.nextTick(() => { throw error; }));
});
