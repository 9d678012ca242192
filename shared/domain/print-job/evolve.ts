import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { PrinterState, PrintJobState } from "./state.ts";

export function evolvePrintJob(state: PrintJobState | undefined, event: EventEnvelope): PrintJobState {
  switch (event.type) {
    case "printing.job.queued":
      return { ...event.data, id: event.subject, status: "queued", at: event.occurredat };
    case "printing.job.printed":
      return { ...event.data, id: event.subject, status: "printed", at: event.occurredat };
    case "printing.job.sent":
      return { ...event.data, id: event.subject, status: "sent", at: event.occurredat };
    case "printing.job.unknown":
      return { ...event.data, id: event.subject, status: "unknown", at: event.occurredat };
    case "printing.job.failed":
      return { ...event.data, id: event.subject, status: "failed", at: event.occurredat };
    case "printing.job.expired":
      return { ...event.data, id: event.subject, status: "expired", at: event.occurredat };
    case "printing.job.reprintRequested":
      return existing("print-job", state, event);
    default:
      throw unexpectedEvent("print-job", event);
  }
}

export function evolvePrinter(_: PrinterState | undefined, event: EventEnvelope): PrinterState {
  if (event.type !== "printing.printer.changed") throw unexpectedEvent("printer", event);
  return { id: event.subject, ...event.data };
}
