import { inTenant, type Sql } from "#hub/db/client.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { StaffState } from "#shared/domain/staff/state.ts";

export type DemoTenant = { readonly organizerId: string; readonly merchantId: string };

/** Merchants whose people's PINs are kept in clear, which only a demo does. */
export async function demoTenants(sql: Sql): Promise<readonly DemoTenant[]> {
  const rows = await sql<{ organizer_id: string; merchant_id: string }[]>`select * from demo_tenants()`;
  return rows.map(({ organizer_id, merchant_id }) => ({ organizerId: organizer_id, merchantId: merchant_id }));
}

export async function demoPlaces(sql: Sql) {
  return Promise.all((await demoTenants(sql)).map((tenant) => placeOf(sql, tenant)));
}

async function placeOf(sql: Sql, tenant: DemoTenant) {
  return inTenant(sql, tenant, async (tx) => {
    const [merchant] = await tx<{ head: MerchantState }[]>`select head from aggregates where stream = ${tenant.merchantId}`;
    const staff = await tx<{ head: StaffState; pin: string }[]>`
      select a.head, d.pin from demo_pins d join aggregates a on a.stream = d.staff order by d.pin, d.staff`;
    return {
      id: tenant.merchantId,
      name: merchant?.head.name ?? "",
      stations: merchant?.head.stations ?? [],
      people: staff.filter(({ head }) => !head.disabled).map(({ head, pin }) => ({ name: head.name, pin })),
    };
  });
}
