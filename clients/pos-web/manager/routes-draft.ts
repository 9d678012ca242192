import { routeItem } from "#shared/domain/ticket/route.ts";
import type { RouteRule } from "#shared/events/commerce.ts";
import type { ServiceType } from "#shared/events/primitives.ts";

/** A route as it is typed in. `what`: a product, a category, or everything. */
export type RouteRow = { readonly key: number; readonly what: string; readonly serviceType: ServiceType | "all"; readonly stations: readonly string[] };

export const EVERYTHING = "all";

export function rowsOf(routes: readonly RouteRule[]): readonly RouteRow[] {
  return routes.map(({ product, category, serviceType, stations }, key) => ({ key, what: product ?? category ?? EVERYTHING, serviceType: serviceType ?? "all", stations }));
}

/** TKT-1: among equals the first counts, so one kind of service comes before all of them. */
export function rulesOf(rows: readonly RouteRow[], isProduct: (id: string) => boolean): readonly RouteRule[] {
  const rules = rows.map(({ what, serviceType, stations }): RouteRule => ({
    ...(what === EVERYTHING ? {} : isProduct(what) ? { product: what } : { category: what }),
    ...(serviceType === "all" ? {} : { serviceType }),
    stations: [...stations],
  }));
  return [...rules.filter((rule) => rule.serviceType !== undefined), ...rules.filter((rule) => rule.serviceType === undefined)];
}

/** The keys of those that can never count: there is one for the same before them. */
export function twice(rows: readonly RouteRow[]): ReadonlySet<number> {
  const seen = new Set<string>();
  const again = new Set<number>();
  for (const { key, what, serviceType } of rows) {
    const same = `${what} ${serviceType}`;
    if (seen.has(same)) again.add(key);
    seen.add(same);
  }
  return again;
}

type Routed = { readonly id: string; readonly category: string };

/** What no station makes when it is eaten here: ready at once (TKT-2). */
export function madeNowhere<Product extends Routed>(products: readonly Product[], rules: readonly RouteRule[]): readonly Product[] {
  return products.filter(({ id, category }) => routeItem({ product: id, category, serviceType: "dine_in" }, rules).length === 0);
}
