import type { AggregateKind } from "#shared/domain/aggregate.ts";
import { AGGREGATES, aggregateForEvent } from "#shared/domain/aggregates.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { Aggregate } from "#shared/domain/aggregate.ts";
import type { Folding } from "../sync/world.ts";

/** Shown before the hub has answered. Money is not: a bill is paid when the hub says so. */
const ASSUMED_AREAS: ReadonlySet<string> = new Set(["party", "order", "ticket", "stock"]);

export function isAssumed(type: string): boolean {
  return ASSUMED_AREAS.has(type.slice(0, type.indexOf(".")));
}

export const domainFolding: Folding = {
  kindOf: (type) => aggregateForEvent(type as Parameters<typeof aggregateForEvent>[0]),
  aggregate: (kind: AggregateKind) => AGGREGATES[kind] as unknown as Aggregate,
};

/** DOM-17, near enough for what is shown until the hub has stamped its own. */
export function assumedBusinessDate(merchant: Pick<MerchantState, "zone" | "cutOver"> | undefined, now: number): string {
  const [hours = 4, minutes = 0] = (merchant?.cutOver ?? "04:00").split(":").map(Number);
  const shifted = new Date(now - (hours * 60 + minutes) * 60_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: merchant?.zone ?? "UTC", dateStyle: "short" }).format(shifted);
}
