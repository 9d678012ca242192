import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { DocumentState } from "./state.ts";

export function evolveDocument(state: DocumentState | undefined, event: EventEnvelope): DocumentState {
  switch (event.type) {
    case "document.file.requested": {
      const { content, format, by } = event.data;
      return { id: event.subject, kind: content.kind, format, by, requestedAt: event.occurredat, status: "making", percent: 0, file: null, reason: null };
    }
    case "document.file.progressed":
      return { ...existing("document", state, event), percent: event.data.percent };
    case "document.file.completed":
      return { ...existing("document", state, event), status: "ready", percent: 100, file: event.data };
    case "document.file.failed":
      return { ...existing("document", state, event), status: "failed", reason: event.data.reason };
    default:
      throw unexpectedEvent("document", event);
  }
}
