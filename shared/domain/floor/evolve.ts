import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { PartyOperation, PartyState, TableState } from "./state.ts";

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

/** So many moves and joins can be undone. */
const KEPT_OPERATIONS = 10;

function remembering(party: PartyState, operation: PartyOperation): PartyState {
  return { ...party, operations: [...(party.operations ?? []), operation].slice(-KEPT_OPERATIONS) };
}

function without(party: PartyState, operation: string): PartyState {
  return { ...party, operations: (party.operations ?? []).filter((one) => one.operation !== operation) };
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
    case "allocation.usage.moved": {
      const party = existing("party", state, event);
      const { operation, tables, was } = event.data;
      const undoes = (party.operations ?? []).some((one) => one.operation === operation);
      return { ...(undoes ? without(party, operation) : remembering(party, { operation, kind: "move", was })), tables };
    }
    case "allocation.usage.joined": {
      const party = existing("party", state, event);
      const { operation, party: other, covers, tables, orders } = event.data;
      const done: PartyOperation = { operation, kind: "join", party: other, covers: party.covers, tables: party.tables, orders };
      return { ...remembering(party, done), covers, tables, joined: [...new Set([...(party.joined ?? []), ...orders])], settled: false };
    }
    case "allocation.usage.joinedInto":
      return { ...existing("party", state, event), cleared: true, joinedInto: event.data.party };
    case "allocation.usage.joinRolledBack": {
      const { operation, covers, tables, orders } = event.data;
      return { ...without(existing("party", state, event), operation), covers, tables, joined: orders, cleared: false, joinedInto: null };
    }
    case "allocation.usage.serverChanged": {
      const party = existing("party", state, event);
      const { operation, server, parties = [party.id] } = event.data;
      const undoes = (party.operations ?? []).some((one) => one.operation === operation);
      return { ...(undoes ? without(party, operation) : remembering(party, { operation, kind: "hand-over", was: party.server, to: server, parties })), server };
    }
    case "allocation.usage.cleared":
      return { ...existing("party", state, event), cleared: true };
    default:
      throw unexpectedEvent("party", event);
  }
}
