import { Worker } from "node:worker_threads";
import type { Document, FromRender, ToRender } from "./model.ts";

/** Rows in all: what a person still opens, and what fits into memory beside a spreadsheet. */
export const MOST_ROWS = 100_000;
const SILENT_MS = 60_000;

export class TooManyRows extends Error {}

/** Renders in a thread, a page at a time. `onProgress` gets the rows that are done; false from it gives the file up. */
export async function makeFile(document: Document, format: "pdf" | "xlsx", onProgress: (rows: number) => Promise<boolean>): Promise<Uint8Array | undefined> {
  if (document.kind === "table" && document.total > MOST_ROWS) throw new TooManyRows(`${document.total} rows`);
  const thread = new Worker(new URL("./render/thread.ts", import.meta.url));
  try {
    const ask = asker(thread);
    if (document.kind === "slip") return bytesOf(await ask({ start: { kind: "slip", slip: document.slip }, format }));
    await ask({ start: { kind: "table", table: document.table }, format });
    let done = 0;
    for await (const rows of document.pages()) {
      await ask({ rows });
      done += rows.length;
      if (!(await onProgress(done))) return undefined;
    }
    return bytesOf(await ask({ end: true }));
  } finally {
    await thread.terminate();
  }
}

function bytesOf(said: FromRender): Uint8Array {
  if ("bytes" in said) return said.bytes;
  throw new Error("the file has no bytes");
}

/** One question, one answer. */
function asker(thread: Worker): (message: ToRender) => Promise<FromRender> {
  return (message) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => end(() => reject(new Error("the render says nothing"))), SILENT_MS);
      const onMessage = (said: FromRender) => end(() => resolve(said));
      const onError = (error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error))));
      const onExit = (code: number) => end(() => reject(new Error(`the render ended with ${code}`)));
      const end = (then: () => void) => {
        clearTimeout(late);
        thread.off("message", onMessage).off("error", onError).off("exit", onExit);
        then();
      };
      thread.on("message", onMessage).on("error", onError).on("exit", onExit);
      thread.postMessage(message);
    });
}
