import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { DeviceState, StaffState } from "./state.ts";

export function evolveStaff(state: StaffState | undefined, event: EventEnvelope): StaffState {
  switch (event.type) {
    case "identity.staff.created":
      return { id: event.subject, ...event.data, disabled: false };
    case "identity.staff.disabled":
      return { ...existing("staff", state, event), disabled: true };
    case "identity.staff.pinChanged":
      return existing("staff", state, event);
    default:
      throw unexpectedEvent("staff", event);
  }
}

export function evolveDevice(state: DeviceState | undefined, event: EventEnvelope): DeviceState {
  switch (event.type) {
    case "identity.device.paired":
      return { id: event.subject, ...event.data, revoked: false };
    case "identity.device.revoked":
      return { ...existing("device", state, event), revoked: true };
    default:
      throw unexpectedEvent("device", event);
  }
}
