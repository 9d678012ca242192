import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { DeadLetterState, MaintenanceState } from "./state.ts";

export function evolveDeadLetter(state: DeadLetterState | undefined, event: EventEnvelope): DeadLetterState {
  switch (event.type) {
    case "system.dead-letter.recorded": {
      const { group, eventId, eventType, attempts } = event.data;
      return { id: event.subject, group, eventId, eventType, attempts, status: "open" };
    }
    case "system.dead-letter.retryRequested":
      return { ...existing("dead-letter", state, event), status: "retrying" };
    case "system.dead-letter.discarded":
      return { ...existing("dead-letter", state, event), status: "discarded" };
    default:
      throw unexpectedEvent("dead-letter", event);
  }
}

export function evolveMaintenance(state: MaintenanceState | undefined, event: EventEnvelope): MaintenanceState {
  switch (event.type) {
    case "system.maintenance.requested": {
      const { kind, group, from, by, reason } = event.data;
      return { id: event.subject, kind, group, from, by, reason, requestedAt: event.occurredat, status: "requested", cause: null };
    }
    case "system.maintenance.completed":
      return { ...existing("maintenance", state, event), status: "completed" };
    case "system.maintenance.failed":
      return { ...existing("maintenance", state, event), status: "failed", cause: event.data.cause };
    default:
      throw unexpectedEvent("maintenance", event);
  }
}
