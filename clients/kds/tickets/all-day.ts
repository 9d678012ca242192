import type { TicketState } from "#shared/domain/ticket/state.ts";
import { quantityText, thousandths } from "#shared/money/quantity.ts";

export type AllDay = { readonly key: string; readonly name: string; readonly variant: string | null; readonly quantity: string };

/** How much of each product is still to be made, the most first. Held courses and what is ready are not counted (screen rule 12). */
export function allDayCounts(open: readonly TicketState[]): readonly AllDay[] {
  const counts = new Map<string, { name: string; variant: string | null; sum: bigint }>();
  for (const ticket of open) {
    if (ticket.status !== "open") continue;
    for (const { name, variant, quantity, status } of Object.values(ticket.items)) {
      if (status !== "pending" && status !== "cooking") continue;
      const key = `${name}\n${variant ?? ""}`;
      counts.set(key, { name, variant, sum: (counts.get(key)?.sum ?? 0n) + thousandths(quantity) });
    }
  }
  return [...counts]
    .map(([key, { name, variant, sum }]) => ({ key, name, variant, quantity: quantityText(sum), sum }))
    .sort((a, b) => (a.sum === b.sum ? a.key.localeCompare(b.key) : a.sum > b.sum ? -1 : 1))
    .map(({ sum: _sum, ...count }) => count);
}
