import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { IngredientCost } from "#shared/events/catalog-menu.ts";
import { worthOf } from "#shared/money/worth.ts";
import { credit, debit, type Journal } from "./journal.ts";

type Of<T extends EventEnvelope["type"]> = Extract<EventEnvelope, { type: T }>;
/** What the books say of an ingredient so far: its entries on 1300, and whether there was stock of it to begin with. */
export type BookedStock = { readonly value: bigint; readonly opened: boolean };

/** Goods at what they cost, their tax apart, on what is owed to the supplier; what is paid at once leaves it again. Cash out of a drawer is the drawer's own event. */
export function goodsReceived({ id, subject, data }: Of<"stock.ingredient.received">): readonly Journal[] {
  const { cost, tax, delivery, supplier, note, paid } = data;
  const { currency } = cost;
  const total = BigInt(cost.amount) + BigInt(tax.amount);
  const named = `${supplier}${note === null ? "" : `, ${note}`}`;
  const received: Journal = { id: `${id}/received`, currency, memo: `Received from ${named}`, legs: [debit("1300", subject, cost.amount), debit("1200", delivery, tax.amount), credit("2010", delivery, total)] };
  if (paid !== "bank") return [received];
  return [received, { id: `${id}/supplier-paid`, currency, memo: `Paid by bank: ${named}`, legs: [debit("2010", delivery, total), credit("1020", delivery, total)] }];
}

/**
 * What was counted is worth its cost of that moment; the difference to the books is posted, whether it was lost or was bought at another price. The first count of what
 * never was received is the stock that the place began with. Without a cost nothing is posted.
 */
export function stockCounted({ id, subject, data }: Of<"stock.ingredient.counted">, cost: IngredientCost | undefined, booked: BookedStock): readonly Journal[] {
  if (!cost) return [];
  const difference = worthOf(data.quantity, cost) - booked.value;
  const against = booked.opened ? "5060" : "3000";
  const memo = booked.opened ? `Counted: ${data.reason}` : `Opening stock: ${data.reason}`;
  return [{ id: `${id}/count`, currency: cost.amount.currency, memo, legs: [debit("1300", subject, difference), credit(against, subject, difference)] }];
}
