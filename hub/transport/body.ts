import { isUtf8 } from "node:buffer";
import type { HttpResponse } from "uWebSockets.js";

export type BodyLimits = {
  /** Bytes that are kept; more is refused. */
  readonly bytes: number;
  /** From the first header to the last byte. Shorter than the 10 s after which uWS closes a silent socket without a word. */
  readonly timeoutMs: number;
};

export type Body =
  | { readonly bytes: Buffer }
  | { readonly refused: "body-too-large" | "body-timeout" | "aborted" };

/** What is read and thrown away of a body that is too large, so that the client reads the answer and not a reset. */
const DRAINED_AT_MOST = 16 * 1024 * 1024;

/** Must be called in the handler's first tick: uWS does not keep data for a late listener. */
export function readBody(res: HttpResponse, limits: BodyLimits, onAborted: (listener: () => void) => void): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let done = false;
    const settle = (body: Body) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve(body);
    };
    const timer = setTimeout(() => settle({ refused: "body-timeout" }), limits.timeoutMs);
    onAborted(() => settle({ refused: "aborted" }));
    res.onData((chunk, isLast) => {
      if (done) return;
      size += chunk.byteLength;
      if (size > limits.bytes) {
        chunks.length = 0;
        if (isLast || size > DRAINED_AT_MOST) settle({ refused: "body-too-large" });
        return;
      }
      // uWS empties the chunk when this function returns.
      chunks.push(Buffer.from(chunk.slice(0)));
      if (isLast) settle({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) });
    });
  });
}

/** Strict: bytes that are not UTF-8 are undefined, never replacement characters. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
