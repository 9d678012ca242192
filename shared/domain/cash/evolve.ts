import type { EventEnvelope } from "#shared/events/catalog.ts";
import { sumMoney } from "#shared/money/money.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { DrawerState, TillState } from "./state.ts";

/** Expected cash = float + what was taken; never the previous close. */
export function evolveDrawer(state: DrawerState | undefined, event: EventEnvelope): DrawerState {
  switch (event.type) {
    case "cash.drawer.opened": {
      const { name, float, by } = event.data;
      return { id: event.subject, name, float, expected: float, openedAt: event.occurredat, openedBy: by, closed: null };
    }
    case "cash.drawer.cashTaken": {
      const drawer = existing("drawer", state, event);
      return { ...drawer, expected: sumMoney([drawer.expected, event.data.amount], drawer.expected.currency) };
    }
    case "cash.drawer.closed": {
      const { counted, difference } = event.data;
      return { ...existing("drawer", state, event), closed: { counted, difference, at: event.occurredat } };
    }
    default:
      throw unexpectedEvent("drawer", event);
  }
}

export function evolveTill(state: TillState | undefined, event: EventEnvelope): TillState {
  switch (event.type) {
    case "cash.till.occupied":
      return { name: event.data.name, drawer: event.data.drawer };
    case "cash.till.released":
      return { ...existing("till", state, event), drawer: null };
    default:
      throw unexpectedEvent("till", event);
  }
}
