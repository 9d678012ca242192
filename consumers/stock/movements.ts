import type { EventEnvelope } from "#shared/events/catalog.ts";

/** A change of an ingredient's level, in thousandths of its unit; negative leaves the shelf. */
export type Movement = { readonly ingredient: string; readonly thousandths: bigint; readonly reason: "sale" | "return" | "waste" | "delivery"; readonly order: string | null; readonly item: string | null };

/** `recipe` is for one of the item, its variant's stock factor included (ORD-6). */
type Consumed = { readonly item: string; readonly quantity: string; readonly recipe: readonly { readonly ingredient: string; readonly quantity: string }[] };

/** Ingredients leave the shelf when an item is fired, not when it is entered or held. */
export function firedMovements(event: Extract<EventEnvelope, { type: "sale.order.sent" | "sale.order.courseFired" }>): Movement[] {
  const fired = event.data.items.filter((item) => item.fired);
  return fired.flatMap((item) => perRecipe(item, (amount) => ({ thousandths: -amount, reason: "sale" }), event.subject));
}

/**
 * A void of a fired item gives its ingredients back when it was not made; else they are gone: the sale is turned into waste by two movements, so that
 * each reason's sum stays true. The event says which: it was decided on the kitchen's own tickets.
 */
export function voidMovements(event: Extract<EventEnvelope, { type: "sale.order.itemVoided" }>): Movement[] {
  if (!event.data.wasFired) return [];
  const back = perRecipe(event.data.voided, (amount) => ({ thousandths: amount, reason: "return" }), event.subject);
  if (event.data.wasMade !== true) return back;
  return [...back, ...perRecipe(event.data.voided, (amount) => ({ thousandths: -amount, reason: "waste" }), event.subject)];
}

function perRecipe(item: Consumed, move: (amount: bigint) => Pick<Movement, "thousandths" | "reason">, order: string): Movement[] {
  const quantity = thousandths(item.quantity);
  return item.recipe.map((line) => ({
    ingredient: line.ingredient,
    order,
    item: item.item,
    // Rounded half up once, after the exact product.
    ...move((thousandths(line.quantity) * quantity + 500n) / 1000n),
  }));
}

/** `"1.5"` -> 1500n. At most three places, as the schemas allow. */
export function thousandths(decimal: string): bigint {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, "0"));
}

/** 1500n -> `"1.500"`; the sign is kept. */
export function asDecimal(amount: bigint): string {
  const sign = amount < 0n ? "-" : "";
  const absolute = amount < 0n ? -amount : amount;
  return `${sign}${absolute / 1000n}.${(absolute % 1000n).toString().padStart(3, "0")}`;
}
