import type { ParsedEvent } from "#hub/log/types.ts";

/** What every line of a log names, so that one tap is followed through all of them: `trace` is the same in the hub, in every consumer and in what they append. */
export function idsOf({ envelope }: ParsedEvent): { readonly event: string; readonly type: string; readonly trace: string | undefined; readonly correlation: string; readonly causation: string | undefined } {
  return { event: envelope.id, type: envelope.type, trace: traceIn(envelope.traceparent), correlation: envelope.correlationid, causation: envelope.causationid };
}

/** Each once. */
export function tracesOf(events: readonly ParsedEvent[]): readonly string[] {
  return [...new Set(events.flatMap(({ envelope }) => traceIn(envelope.traceparent) ?? []))];
}

/** Of what a job's row keeps of the event that asked for it. */
export type JobTrace = { readonly traceparent: string | null; readonly correlation: string | null };

export function traceOf({ traceparent, correlationid }: { readonly traceparent?: string | undefined; readonly correlationid: string }): JobTrace {
  return { traceparent: traceparent ?? null, correlation: correlationid };
}

/** The ids for a line about a job. */
export function jobIds({ traceparent, correlation }: JobTrace): { readonly trace: string | undefined; readonly correlation: string | undefined } {
  return { trace: traceIn(traceparent), correlation: correlation ?? undefined };
}

export function traceIn(traceparent: string | null | undefined): string | undefined {
  return traceparent?.split("-")[1];
}
