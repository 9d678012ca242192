import { setTenant } from "#hub/db/client.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };
type Reason = "count" | "sale" | "return" | "waste" | "delivery";
const MOST_MOVEMENTS = 50;

/** What is on the shelf of everything, as the movements have it. */
export async function stockLevels(hub: Hub, tenant: Tenant) {
  return hub.sql.begin("read only", async (tx) => {
    await setTenant(tx, tenant);
    const rows = await tx<{ ingredient_id: string; on_hand: string }[]>`
      select ingredient_id, trim_scale(on_hand)::text as on_hand from stock_levels where merchant_id = ${tenant.merchantId} order by ingredient_id`;
    return rows.map(({ ingredient_id, on_hand }) => ({ ingredient: ingredient_id, onHand: on_hand }));
  });
}

/** The last of them, the newest first. */
export async function stockMovements(hub: Hub, tenant: Tenant, ingredient: string) {
  return hub.sql.begin("read only", async (tx) => {
    await setTenant(tx, tenant);
    const rows = await tx<{ event_id: string; line: number; quantity: string; reason: Reason; business_date: string; recorded_at: Date }[]>`
      select event_id, line, trim_scale(quantity)::text as quantity, reason, business_date::text as business_date, recorded_at from stock_movements
      where merchant_id = ${tenant.merchantId} and ingredient_id = ${ingredient} order by recorded_at desc, event_id desc, line desc limit ${MOST_MOVEMENTS}`;
    return rows.map(({ event_id, line, quantity, reason, business_date, recorded_at }) => ({ event: event_id, line, quantity, reason, businessDate: business_date, at: recorded_at.toISOString() }));
  });
}
