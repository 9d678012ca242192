import { afterEach, expect, test, vi } from "vitest";
import { frame, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";

const here = onePlace();

afterEach(() => {
  vi.useRealTimers();
});

const euros = (amount: string) => ({ amount, currency: "EUR" });

test("DOM-17: payments, checks and drawers that are told late join the open day; when they occurred stays as told", async () => {
  const { api } = await here.place.login("Sofia");
  const occurredAt = new Date(Date.now() - 3 * 86_400_000).toISOString();
  const late = <Input>(input: Input) => ({ ...frame(input), occurredAt });
  const ids = { party: newId("party"), order: newId("order") };
  const [item, drawer] = [newId("item"), newId("drawer")];
  result(await api.party.seat.mutate(frame({ ...ids, tables: [here.place.tables[0]], covers: 2, whenOccupied: "refuse" as const })));
  const { check } = result(await api.order.addItems.mutate(frame({ ...ids, items: [{ item, product: here.place.products.latte }] })));
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
    const rows = await here.admin`select distinct envelope::json->>'businessdate' as day, envelope::json->>'occurredat' as occurred from events where command_id = ${commandId}`;
    return rows.map((row) => [row["day"], row["occurred"]] as const);
  };
  for (const command of [opened, paid, closed, counted]) expect(await daysOf(command)).toEqual([[today, occurredAt]]);
  const [[day] = []] = await daysOf(seated);
  expect(String(day) < today).toBe(true);
});

// DOM-17, Europe/Rome: a cut-over at 02:30 comes twice on 25 October 2026, of which the first counts, and not at all on 29 March, when the next instant counts.
test("DOM-17: a night on which the clock changes: what is sold before and after the cut-over is dated by it, through the hub", async () => {
  const { api } = await here.place.login("Anna");
  const profile = { name: "Test place", displayDigits: 2, zone: "Europe/Rome", cutOver: "04:00", locale: "en-GB", address: [] };
  result(await api.commerce.changeProfile.mutate(frame({ was: profile, profile: { ...profile, cutOver: "02:30" } })));
  const drawer = newId("drawer");
  result(await api.drawer.open.mutate(frame({ drawer, name: "Night", float: euros("0") })));
  const nights = [
    ["2026-03-29T00:59:59.999Z", "2026-03-28"],
    ["2026-03-29T01:00:00.000Z", "2026-03-29"],
    ["2026-03-30T00:29:59.999Z", "2026-03-29"],
    ["2026-03-30T00:30:00.000Z", "2026-03-30"],
    ["2026-10-25T00:29:59.999Z", "2026-10-24"],
    ["2026-10-25T00:30:00.000Z", "2026-10-25"],
    ["2026-10-25T01:10:00.000Z", "2026-10-25"],
    ["2026-10-26T01:29:59.999Z", "2026-10-25"],
    ["2026-10-26T01:30:00.000Z", "2026-10-26"],
  ] as const;
  const sold: (readonly [string, string])[] = [];
  for (const [at, date] of nights) {
    const [order, item] = [newId("order"), newId("item")];
    const opening = { serviceType: "takeaway" as const, label: "Tab", channel: "till" as const, customer: null, promisedAt: null };
    const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: here.place.products.latte }] })));
    result(await api.order.send.mutate(frame({ order, items: [item] })));
    const [paying, closing] = [frame({ payment: newId("payment"), check, drawer, tendered: euros("500") }), frame({ check })];
    // Only the clock that dates: timers go on.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(at) });
    result(await api.payment.takeCash.mutate(paying));
    result(await api.check.close.mutate(closing));
    vi.useRealTimers();
    sold.push([check, date], [paying.input.payment, date]);
  }
  const rows = await here.admin<{ stream: string; date: string }[]>`
    select stream, envelope::json->>'businessdate' as date from events where stream = any(${sold.map(([stream]) => stream)})
      and envelope::json->>'type' in ('sale.check.closed', 'payment.attempt.success')`;
  expect(new Map(rows.map(({ stream, date }) => [stream, date]))).toEqual(new Map(sold));
});
