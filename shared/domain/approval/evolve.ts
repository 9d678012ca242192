import type { EventEnvelope } from "#shared/events/catalog.ts";
import { erasedLabel } from "../erased.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { ApprovalState } from "./state.ts";

export function evolveApproval(state: ApprovalState | undefined, event: EventEnvelope): ApprovalState {
  switch (event.type) {
    case "approval.requested": {
      const { by, ...asked } = event.data;
      return { id: event.subject, ...asked, askedBy: by, askedAt: event.occurredat, status: "pending", decidedBy: null, decidedAt: null, inPlace: false, reason: null };
    }
    case "approval.granted": {
      const { by, inPlace, expiresAt } = event.data;
      return { ...existing("approval", state, event), status: "granted", decidedBy: by, decidedAt: event.occurredat, inPlace, expiresAt };
    }
    case "approval.denied":
      return { ...existing("approval", state, event), status: "denied", decidedBy: event.data.by, decidedAt: event.occurredat, reason: event.data.reason };
    case "approval.withdrawn":
      return { ...existing("approval", state, event), status: "withdrawn" };
    case "approval.used":
      return { ...existing("approval", state, event), status: "used" };
    case "approval.guestErased": {
      const asked = existing("approval", state, event);
      return { ...asked, label: erasedLabel(asked.label) };
    }
    default:
      throw unexpectedEvent("approval", event);
  }
}
