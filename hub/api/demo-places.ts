import { capabilitiesAt } from "#hub/auth/sessions.ts";
import { inTenant, type Sql } from "#hub/db/client.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { Capability } from "#shared/events/identity.ts";
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
      address: merchant?.head.address ?? [],
      facts: merchant === undefined ? [] : factsOf(merchant.head),
      stations: merchant?.head.stations ?? [],
      people: staff.filter(({ head }) => !head.disabled).map(({ head, pin }) => ({ name: head.name, pin, role: roleOf(capabilitiesAt(head, tenant.merchantId)) })),
    };
  });
}

/** What is particular about the place's money, in a visitor's words. */
function factsOf({ currency, policies }: MerchantState): readonly string[] {
  if (policies === null) return [currency];
  const { taxes, serviceCharge, tips } = policies;
  const rates = [...new Set(taxes.map(({ rate }) => percent(rate)))].join(" and ");
  return [
    currency,
    `${taxes.every(({ inclusive }) => inclusive) ? "tax inside the price" : "tax on top"} (${rates})`,
    ...(serviceCharge && Number(serviceCharge.rate) > 0 ? [`service ${percent(serviceCharge.rate)}`] : []),
    ...(serviceCharge?.bySize ?? []).map(({ minCovers, rate }) => `${percent(rate)} from ${minCovers} guests`),
    ...(tips?.afterAuthorisation ? ["tips on the slip"] : []),
  ];
}

/** Of a rate with at most six places, without a float's tail. */
function percent(rate: string): string {
  return `${Number((Number(rate) * 100).toFixed(4))}\u00a0%`;
}

/** The demo's people have capabilities only; a word for each helps to choose whom to be. */
function roleOf(capabilities: readonly Capability[]): string {
  if (capabilities.includes("manage.settings")) return "Manager";
  if (capabilities.includes("drawer.operate")) return "Cashier";
  return capabilities.includes("order.take") ? "Waiter" : "Cook";
}
