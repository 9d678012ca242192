import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { MerchantState, OrganizerState } from "./state.ts";

export function evolveOrganizer(_: OrganizerState | undefined, event: EventEnvelope): OrganizerState {
  if (event.type !== "commerce.organizer.created") throw unexpectedEvent("organizer", event);
  return { id: event.subject, name: event.data.name };
}

export function evolveMerchant(state: MerchantState | undefined, event: EventEnvelope): MerchantState {
  switch (event.type) {
    case "commerce.merchant.created":
      return { id: event.subject, ...event.data, createdAt: event.occurredat, policies: null, closedThrough: null, priceRules: [], stations: [], printers: [], routes: [] };
    case "commerce.initialized":
      return existing("merchant", state, event);
    case "commerce.policies.changed":
      return { ...existing("merchant", state, event), policies: event.data };
    case "commerce.profile.changed":
      return { ...existing("merchant", state, event), ...event.data };
    case "commerce.price-rules.changed":
      return { ...existing("merchant", state, event), priceRules: event.data.rules };
    case "commerce.station.added": {
      const merchant = existing("merchant", state, event);
      return { ...merchant, stations: [...merchant.stations, event.data] };
    }
    case "commerce.printer.added": {
      const merchant = existing("merchant", state, event);
      return { ...merchant, printers: [...merchant.printers, event.data] };
    }
    case "commerce.day.closed":
      return { ...existing("merchant", state, event), closedThrough: event.data.date };
    case "commerce.provider.connected": {
      const merchant = existing("merchant", state, event);
      return { ...merchant, providers: [...(merchant.providers ?? []), event.data] };
    }
    case "commerce.provider.disconnected": {
      const merchant = existing("merchant", state, event);
      return { ...merchant, providers: (merchant.providers ?? []).filter(({ provider }) => provider !== event.data.provider) };
    }
    case "commerce.routes.changed":
      return { ...existing("merchant", state, event), routes: event.data.rules };
    default:
      throw unexpectedEvent("merchant", event);
  }
}
