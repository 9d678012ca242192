import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ulid } from "ulidx";
import { isNewer } from "#consumers/runner/failures.ts";
import { handleOnce, MERCHANT, ORGANIZER, recorded, testId } from "#consumers/testing.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { appendInTransaction } from "#hub/log/append-in-transaction.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { OrderHeader, SentItem } from "#shared/events/sale-order.ts";
import type { Ticket } from "#shared/events/sale-ticket.ts";
import { kitchenConsumer } from "./consumer.ts";

const BAR = testId("sta");
const GRILL = testId("sta");
const PASS = testId("sta");
const DRINKS = testId("cat");
const FOOD = testId("cat");
const mai = { staff: testId("stf"), name: "Mai" };
let db: TestDatabase;
let admin: Sql;
let order: string;

beforeAll(async () => {
  db = await testDatabase();
  admin = connect(db.adminUrl, { max: 2 });
  await settle([
    { type: "commerce.merchant.created", data: { name: "Trattoria", currency: "EUR", displayDigits: 2, zone: "Europe/Rome", cutOver: "04:00", locale: "en", address: [] } },
    { type: "commerce.station.added", data: { station: BAR, name: "Bar", kind: "prep" } },
    { type: "commerce.station.added", data: { station: GRILL, name: "Grill", kind: "prep" } },
    { type: "commerce.station.added", data: { station: PASS, name: "Pass", kind: "pass" } },
    { type: "commerce.routes.changed", data: { rules: [{ category: DRINKS, stations: [BAR] }, { category: FOOD, stations: [GRILL] }] } },
  ]);
});
afterAll(async () => {
  await admin.end();
  await db.drop();
});
beforeEach(() => {
  order = testId("ord");
});

async function settle(events: DomainEvent[]): Promise<void> {
  const commandId = ulid();
  const stamp = { organizer: ORGANIZER, merchant: MERCHANT, now: "2026-11-20T10:00:00.000Z", occurredAt: "2026-11-20T10:00:00.000Z", businessDate: "2026-11-20", commandId, correlationId: commandId, actor: "system", source: "/test", newEventId: () => `evt_${ulid()}` };
  const changes = draftChanges([{ kind: "merchant", stream: MERCHANT, events }], () => ({ version: 0, state: undefined }), stamp).map(({ change }) => change);
  const command = { commandId, hash: "0".repeat(64), organizerId: ORGANIZER, merchantId: MERCHANT, actor: "system", source: "/test", correlationId: commandId, changes, counts: [], answer: "{}" };
  await admin.begin((tx) => appendInTransaction(tx, [command]));
}

const header = (): OrderHeader => ({ serviceType: "dine_in", label: "T5", channel: "tablet", party: testId("pty"), customer: null, promisedAt: null, server: mai });
function item(name: string, category: string, over: Partial<SentItem> = {}): SentItem {
  return {
    item: testId("itm"), product: testId("prd"), productVersion: 1, category, names: { button: name, kitchen: name, receipt: name }, variant: null, quantity: "1", seat: 1, course: 1,
    modifiers: [], notes: null, allergy: [], unitPrice: { amount: "450", currency: "EUR" }, tax: { code: "std", name: "VAT", rate: "0.1", inclusive: true },
    serviceType: "dine_in", portions: "1", recipe: [], by: mai, splitFrom: null, fired: true, mark: "NEW", ...over,
  };
}
const sent = (...items: SentItem[]) => recorded("sale.order.sent", order, { header: header(), items, by: mai });
const fired = (course: number, ...items: SentItem[]) => recorded("sale.order.courseFired", order, { header: header(), course, items, by: mai });
const voided = (what: SentItem, reason = "wrong table") =>
  recorded("sale.order.itemVoided", order, { header: header(), item: what.item, voided: what, remaining: null, reason, wasFired: what.fired, by: mai });
const cook = (...events: ParsedEvent[]) => handleOnce(kitchenConsumer, db.consumerUrl, events);
const tickets = (made: Awaited<ReturnType<typeof cook>>) => made.filter((e) => e.type === "sale.kitchen-ticket.created").map((e) => e.data as Ticket);

describe("the kitchen", () => {
  it("makes one ticket per station of a send, with one number for all and one of the station's own", async () => {
    const [bar, grill] = tickets(await cook(sent(item("Latte", DRINKS), item("Latte", DRINKS), item("Burger", FOOD))));
    expect(bar).toMatchObject({ station: BAR, label: "T5", mark: "NEW", held: false });
    expect(bar?.items.map((i) => i.name)).toEqual(["Latte", "Latte"]);
    expect(grill).toMatchObject({ station: GRILL, number: bar?.number });
    const [next] = tickets(await cook(sent(item("Beer", DRINKS))));
    expect(next).toMatchObject({ number: (bar?.number ?? 0) + 1, stationNumber: (bar?.stationNumber ?? 0) + 1 });
  });

  it("LOG-5: takes a merchant that an older fold wrote as its events say, and waits for an update at one of a newer fold", async () => {
    const [before] = await admin<{ head: string; evolve_version: number }[]>`select head::text as head, evolve_version from aggregates where stream = ${MERCHANT}`;
    await admin`update aggregates set evolve_version = 0, head = head::jsonb - 'stations' - 'routes' where stream = ${MERCHANT}`;
    expect(tickets(await cook(sent(item("Latte", DRINKS))))).toMatchObject([{ station: BAR }]);
    await admin`update aggregates set evolve_version = 99 where stream = ${MERCHANT}`;
    const newer = await cook(sent(item("Latte", DRINKS))).catch((error: unknown) => error);
    expect(isNewer(newer)).toBe(true);
    await admin`update aggregates set evolve_version = ${before?.evolve_version ?? 0}, head = ${before?.head ?? ""}::text::jsonb where stream = ${MERCHANT}`;
  });

  it("begins to count again on the next business day (DOM-18)", async () => {
    const tomorrow = sent(item("Beer", DRINKS));
    const [ticket] = tickets(await cook({ ...tomorrow, envelope: { ...tomorrow.envelope, businessdate: "2026-11-21" } }));
    expect(ticket).toMatchObject({ number: 1, stationNumber: 1 });
  });

  it("holds a course and fires the same ticket later: no second ticket", async () => {
    const tiramisu = item("Tiramisu", FOOD, { course: 2, fired: false });
    const [held] = tickets(await cook(sent(tiramisu)));
    expect(held?.held).toBe(true);
    const made = await cook(fired(2, { ...tiramisu, fired: true }));
    expect(made.map((e) => e.type)).toEqual(["sale.kitchen-ticket.fired"]);
  });

  it("sends only what was added, marked ADD (failure 7: a second send reprints the first items)", async () => {
    await cook(sent(item("Latte", DRINKS)));
    const [added] = tickets(await cook(sent(item("Latte", DRINKS, { mark: "ADD" }))));
    expect(added).toMatchObject({ mark: "ADD" });
    expect(added?.items).toHaveLength(1);
  });

  it("marks a void on the ticket that has the item and on no other", async () => {
    const burger = item("Burger", FOOD);
    const [grill] = (await cook(sent(burger, item("Beer", DRINKS)))).filter((e) => (e.data as Ticket).station === GRILL);
    const made = await cook(voided(burger));
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ type: "sale.kitchen-ticket-item.voided", subject: grill?.subject, data: { item: burger.item, reason: "wrong table" } });
  });

  it("applies send, fire and void of one order in one batch", async () => {
    const steak = item("Steak", FOOD, { course: 2, fired: false });
    const made = await cook(sent(steak), fired(2, { ...steak, fired: true }), voided(steak));
    expect(made.map((e) => e.type)).toEqual(["sale.kitchen-ticket.created", "sale.kitchen-ticket.fired", "sale.kitchen-ticket-item.voided"]);
    expect(new Set(made.map((e) => e.subject)).size).toBe(1);
    expect(made.map((e) => e.streamversion)).toEqual([1, 2, 3]);
  });

  it("makes no ticket of items that no station prepares (failure 12: an empty kitchen ticket)", async () => {
    expect(await cook(sent(item("Gift card", testId("cat"))))).toEqual([]);
  });

  it("carries the order's notes, seat and allergy onto the ticket (failure 12: the note missing)", async () => {
    const [ticket] = tickets(await cook(sent(item("Pho", FOOD, { seat: 2, notes: "no chilli", allergy: ["nuts"] }))));
    expect(ticket?.items[0]).toMatchObject({ seat: 2, notes: "no chilli", allergy: ["nuts"] });
  });

  it("names the same tickets and events at every delivery, so that a repeat changes nothing", async () => {
    const event = sent(item("Latte", DRINKS));
    const first = await cook(event);
    await admin`delete from kitchen_tickets where order_id = ${order}`;
    const again = await cook(event);
    expect(first).toHaveLength(1);
    expect(again).toEqual([]);
    const [row] = await admin`select count(*)::int as events from events where stream = ${first[0]?.subject ?? ""}`;
    expect(row?.["events"]).toBe(1);
  });

  it("changes the label of tickets when the party moves, and makes no new one", async () => {
    const [bar] = tickets(await cook(sent(item("Latte", DRINKS))));
    expect(bar?.label).toBe("T5");
    const made = await cook(recorded("sale.order.headerChanged", order, { header: { ...header(), label: "T7" }, operation: null, by: mai }));
    expect(made).toMatchObject([{ type: "sale.kitchen-ticket.relabelled", data: { order, label: "T7", was: "T5" } }]);
  });

  it("lets tickets follow their order into another, finds them there, and brings them back; nothing is fired again", async () => {
    const burger = item("Burger", FOOD);
    const [grill] = await cook(sent(burger));
    const into = testId("ord");
    const moved = { ...burger, status: "fired", mark: "NEW", enteredAt: "2026-11-20T19:00:00.000Z", sentAt: "2026-11-20T19:00:00.000Z", firedAt: "2026-11-20T19:00:00.000Z", voidReason: null, counted: false };
    const data = { operation: testId("op"), from: order, into, items: [moved], courses: [], header: { ...header(), label: "T9" }, by: mai };
    const there = await cook(recorded("sale.order.merged", order, { ...data, checks: [] }), recorded("sale.order.merged", into, { ...data, checks: [] }));
    expect(there).toMatchObject([{ type: "sale.kitchen-ticket.relabelled", subject: grill?.subject, data: { order: into, label: "T9" } }]);
    const gone = recorded("sale.order.itemVoided", into, { header: header(), item: burger.item, voided: burger, remaining: "1", reason: "cold", wasFired: true, by: mai });
    expect(await cook(gone)).toMatchObject([{ type: "sale.kitchen-ticket-item.voided", subject: grill?.subject }]);
    const back = await cook(recorded("sale.order.mergeRolledBack", order, { ...data, header: header() }), recorded("sale.order.mergeRolledBack", into, { ...data, header: header() }));
    expect(back).toMatchObject([{ type: "sale.kitchen-ticket.relabelled", subject: grill?.subject, data: { order, label: "T5" } }]);
  });
});
