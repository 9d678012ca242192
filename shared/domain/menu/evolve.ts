import { compareQuantities, addQuantities, subtractQuantities } from "#shared/money/quantity.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { CategoryState, CountdownState, DeliveryState, IngredientState, ProductState } from "./state.ts";

export function evolveCategory(_: CategoryState | undefined, event: EventEnvelope): CategoryState {
  if (event.type !== "catalog.category.created") throw unexpectedEvent("category", event);
  return { id: event.subject, ...event.data };
}

export function evolveProduct(_: ProductState | undefined, event: EventEnvelope): ProductState {
  if (event.type !== "catalog.product.created" && event.type !== "catalog.product.updated") throw unexpectedEvent("product", event);
  return { id: event.subject, ...event.data, version: event.streamversion };
}

export function evolveDelivery(_: DeliveryState | undefined, event: EventEnvelope): DeliveryState {
  if (event.type !== "stock.delivery.received") throw unexpectedEvent("delivery", event);
  return { supplier: event.data.supplier };
}

/** What is on hand is the stock consumer's: here is only what an ingredient is. */
export function evolveIngredient(state: IngredientState | undefined, event: EventEnvelope): IngredientState {
  switch (event.type) {
    case "stock.ingredient.created":
      return { id: event.subject, ...event.data };
    case "stock.ingredient.counted":
    case "stock.ingredient.received":
      return existing("ingredient", state, event);
    case "stock.ingredient.costed": {
      const { cost: _, ...plain } = existing("ingredient", state, event);
      return event.data.cost === null ? plain : { ...plain, cost: event.data.cost };
    }
    default:
      throw unexpectedEvent("ingredient", event);
  }
}

/** DOM-19. The log's own counter decides; this is what screens show, and it commutes: it never falls below zero and ignores a count that was lifted. */
export function evolveCountdown(state: CountdownState | undefined, event: EventEnvelope): CountdownState {
  switch (event.type) {
    case "stock.countdown.set":
      return { product: event.data.product, remaining: event.data.remaining };
    case "stock.countdown.taken": {
      const { product, quantity } = event.data;
      const remaining = state?.remaining ?? null;
      if (remaining === null) return state ?? { product, remaining };
      return { product, remaining: compareQuantities(remaining, quantity) <= 0 ? "0" : subtractQuantities(remaining, quantity) };
    }
    case "stock.countdown.returned": {
      const { product, quantity } = event.data;
      const remaining = state?.remaining ?? null;
      return remaining === null ? (state ?? { product, remaining }) : { product, remaining: addQuantities(remaining, quantity) };
    }
    default:
      throw unexpectedEvent("countdown", event);
  }
}
