import type { Aggregate, AggregateKind } from "#shared/domain/aggregate.ts";
import { AGGREGATES, aggregateForEvent } from "#shared/domain/aggregates.ts";
import { businessDateOf } from "#shared/domain/business-date.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { CommandType } from "#shared/domain/registry.ts";
import { upToDate } from "#shared/events/read.ts";
import type { Folding } from "../sync/world.ts";

/** Shown before the hub has answered. Money is not: a bill is paid when the hub says so. */
const ASSUMED_AREAS: ReadonlySet<string> = new Set(["party", "order", "ticket", "stock"]);
/** Of bills what moves lines about: nobody owes more or less by it, and it is undone in one tap. */
const ASSUMED: ReadonlySet<string> = new Set<CommandType>(["check.split", "check.splitBySeat", "check.share", "check.merge", "check.move", "check.setParts", "check.undo"]);

export function isAssumed(type: string): boolean {
  return ASSUMED.has(type) || ASSUMED_AREAS.has(type.slice(0, type.indexOf(".")));
}

export const domainFolding: Folding = {
  upToDate: (event) => upToDate(event),
  kindOf: (type) => aggregateForEvent(type as Parameters<typeof aggregateForEvent>[0]),
  aggregate: (kind: AggregateKind) => AGGREGATES[kind] as unknown as Aggregate,
};

/** DOM-17, until the hub has stamped its own. */
export function assumedBusinessDate(merchant: Pick<MerchantState, "zone" | "cutOver"> | undefined, now: string): string {
  return merchant ? businessDateOf(now, merchant.zone, merchant.cutOver) : now.slice(0, 10);
}
