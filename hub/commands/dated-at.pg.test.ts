import { afterAll, beforeAll, expect, test } from "vitest";
import postgres, { type Sql } from "postgres";
import { frame, makePlace, newId, result, startTestHub, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";

let fixture: HubFixture;
let place: TestPlace;
let admin: Sql;
beforeAll(async () => {
  fixture = await startTestHub();
  place = await makePlace(fixture);
  admin = postgres(fixture.database.adminUrl, { max: 1 });
});
afterAll(async () => {
  await admin.end();
  await fixture.stop();
});

const euros = (amount: string) => ({ amount, currency: "EUR" });

test("DOM-17: payments, checks and drawers that are told late join the open day; when they occurred stays as told", async () => {
  const { api } = await place.login("Sofia");
  const occurredAt = new Date(Date.now() - 3 * 86_400_000).toISOString();
  const late = <Input>(input: Input) => ({ ...frame(input), occurredAt });
  const ids = { party: newId("party"), order: newId("order") };
  const [item, drawer] = [newId("item"), newId("drawer")];
  result(await api.party.seat.mutate(frame({ ...ids, tables: [place.tables[0]], covers: 2, whenOccupied: "refuse" as const })));
  const { check } = result(await api.order.addItems.mutate(frame({ ...ids, items: [{ item, product: place.products.latte }] })));
  result(await api.order.send.mutate(frame({ order: ids.order, items: [item] })));

  const seated = late({ party: ids.party, covers: 3 });
  const opened = late({ drawer, name: "Main", float: euros("0") });
  const paid = late({ payment: newId("payment"), check, drawer, tendered: euros("500") });
  const closed = late({ check });
  const counted = late({ drawer, counted: euros("450") });
  result(await api.party.changeCovers.mutate(seated));
  result(await api.drawer.open.mutate(opened));
  result(await api.payment.takeCash.mutate(paid));
  result(await api.check.close.mutate(closed));
  result(await api.drawer.close.mutate(counted));

  const { businessDate: today } = await api.report.today.query();
  const daysOf = async ({ commandId }: { readonly commandId: string }) => {
    const rows = await admin`select distinct envelope::json->>'businessdate' as day, envelope::json->>'occurredat' as occurred from events where command_id = ${commandId}`;
    return rows.map((row) => [row["day"], row["occurred"]] as const);
  };
  for (const command of [opened, paid, closed, counted]) expect(await daysOf(command)).toEqual([[today, occurredAt]]);
  const [[day] = []] = await daysOf(seated);
  expect(String(day) < today).toBe(true);
});
