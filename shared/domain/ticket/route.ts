import type { RouteRule, Station } from "#shared/events/commerce.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";

export type Routed = Pick<OrderItem, "product" | "category" | "serviceType">;

function matches(rule: RouteRule, item: Routed): boolean {
  return (
    (rule.product === undefined || rule.product === item.product) &&
    (rule.category === undefined || rule.category === item.category) &&
    (rule.serviceType === undefined || rule.serviceType === item.serviceType)
  );
}

/** The stations that make an item: of the rules that match, those for its product come before those for its category before those for all; then the first. */
export function routeItem(item: Routed, rules: readonly RouteRule[]): readonly string[] {
  const matching = rules.filter((rule) => matches(rule, item));
  const rule =
    matching.find((r) => r.product !== undefined) ??
    matching.find((r) => r.category !== undefined) ??
    matching[0];
  return rule ? [...new Set(rule.stations)] : [];
}

export type Kitchen = { readonly routes: readonly RouteRule[]; readonly stations: readonly Station[] };

/** Where a ticket is made: the pass shows every ticket and gets none of its own. None: the item is ready at once (DOM-4). */
export function preparingStations(item: Routed, kitchen: Kitchen): readonly Station[] {
  return routeItem(item, kitchen.routes)
    .map((id) => kitchen.stations.find((station) => station.station === id))
    .filter((station): station is Station => station?.kind === "prep");
}
