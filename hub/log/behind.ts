import type { Logger } from "pino";
import type { Divergence } from "./epoch.ts";

/** LOG-7: what a person has to read when the log went back. */
export function tellBehind(logger: Logger): (epoch: string, lost: readonly Divergence[]) => void {
  return (epoch, lost) =>
    logger.warn(
      { epoch, lost: lost.map(({ shard, published, head }) => ({ shard, known: String(published), head: String(head) })) },
      lost.length > 0
        ? "Postgres lacks events that were known: it was restored, or a standby took over that lagged. The log goes on in a new epoch, and screens are loaded anew"
        : "another Postgres holds the log, and nothing tells whether it lacks its end. The log goes on in a new epoch, and screens are loaded anew",
    );
}
