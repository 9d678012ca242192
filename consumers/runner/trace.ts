import type { ParsedEvent } from "#hub/log/types.ts";

/** What every line of a log names, so that one tap is followed through all of them: `trace` is the same in the hub, in every consumer and in what they append. */
export function idsOf({ envelope }: ParsedEvent): { readonly event: string; readonly type: string; readonly trace: string | undefined; readonly correlation: string; readonly causation: string | undefined } {
  return { event: envelope.id, type: envelope.type, trace: envelope.traceparent?.split("-")[1], correlation: envelope.correlationid, causation: envelope.causationid };
}
