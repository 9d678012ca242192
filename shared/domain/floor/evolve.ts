import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { PartyState, TableState } from "./state.ts";

export function evolveTable(state: TableState | undefined, event: EventEnvelope): TableState {
  switch (event.type) {
    case "commerce.table.added":
      return { id: event.subject, ...event.data, parties: [] };
    case "allocation.table.occupied": {
      const table = existing("table", state, event);
      return { ...table, parties: [...table.parties, event.data.party] };
    }
    case "allocation.table.released": {
      const table = existing("table", state, event);
      return { ...table, parties: table.parties.filter((party) => party !== event.data.party) };
    }
    default:
      throw unexpectedEvent("table", event);
  }
}

export function evolveParty(state: PartyState | undefined, event: EventEnvelope): PartyState {
  switch (event.type) {
    case "allocation.usage.seated":
      return { id: event.subject, ...event.data, seatedAt: event.occurredat, settled: false, cleared: false };
    case "allocation.usage.coversChanged":
      return { ...existing("party", state, event), covers: event.data.covers };
    case "allocation.usage.orderOpened":
      return { ...existing("party", state, event), order: event.data.order, settled: false };
    case "allocation.usage.settled":
      return { ...existing("party", state, event), settled: true };
    case "allocation.usage.cleared":
      return { ...existing("party", state, event), cleared: true };
    default:
      throw unexpectedEvent("party", event);
  }
}
