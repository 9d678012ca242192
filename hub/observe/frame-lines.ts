import type { Logger } from "pino";
import { traceparentIn } from "#hub/log/envelope-text.ts";
import type { Frame } from "#hub/log/feed-shard.ts";

/** OBS-7: which taps' frames went out to screens, in one line for all that came at once. */
export function frameLines(logger: Pick<Logger, "info">): (frame: Frame) => void {
  let traces = new Set<string>();

  function tell(): void {
    const told = [...traces];
    traces = new Set();
    logger.info({ traces: told }, "sent to screens");
  }

  return ({ events: [first] }) => {
    const trace = first === undefined ? undefined : traceparentIn(first.text)?.split("-")[1];
    if (trace === undefined) return;
    if (traces.size === 0) setImmediate(tell);
    traces.add(trace);
  };
}
