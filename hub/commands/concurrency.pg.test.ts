import { afterAll, beforeAll, expect, test } from "vitest";
import postgres, { type Sql } from "postgres";
import { aggregateOf } from "#hub/log/states.ts";
import type { StateOf } from "#shared/domain/aggregate.ts";
import { failure, frame, makePlace, newId, result, startTestHub, type Api, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";

/** Two hubs on one database: what one remembers, the other changes. */
let one: HubFixture;
let two: HubFixture;
let place: TestPlace;
let admin: Sql;
beforeAll(async () => {
  one = await startTestHub();
  two = await startTestHub({ database: one.database });
  place = await makePlace(one);
  admin = postgres(one.database.adminUrl, { max: 2 });
});
afterAll(async () => {
  await admin.end();
  await two.stop();
  await one.stop();
});

async function seated(api: Api, table: string) {
  const ids = { party: newId("party"), order: newId("order") };
  result(await api.party.seat.mutate(frame({ ...ids, tables: [table], covers: 2, whenOccupied: "share" as const })));
  return ids;
}

async function stateOf<K extends "order" | "party" | "table">(api: Api, kind: K, stream: string): Promise<StateOf[K] | undefined> {
  const { aggregates } = await api.sync.snapshot.query();
  return aggregates.find((one) => one.kind === kind && one.stream === stream)?.state as StateOf[K] | undefined;
}

const add = (api: Api, order: string, party: string, item: string, product = place.products.latte) =>
  api.order.addItems.mutate(frame({ order, party, items: [{ item, product }] }));

test("failure 1: two waiters add to one order at the same instant, over two hubs, and everything is there", async () => {
  const [mai, luca] = await Promise.all([place.login("Mai"), place.login("Luca")]);
  const { party, order } = await seated(mai.api, place.tables[0]);
  const elsewhere = two.api(luca.tokens.accessToken);
  const items = Array.from({ length: 20 }, () => newId("item"));
  const answers = await Promise.all(items.map((item, i) => add(i % 2 === 0 ? mai.api : elsewhere, order, party, item)));
  expect(answers.every((answer) => answer.ok)).toBe(true);
  const state = await stateOf(mai.api, "order", order);
  expect(Object.keys(state?.items ?? {}).sort()).toEqual([...items].sort());
});

test("failure 2: two devices seat one table: one is refused and told of the party, and may sit beside it", async () => {
  const [mai, luca] = await Promise.all([place.login("Mai"), place.login("Luca")]);
  const seat = (api: Api, whenOccupied: "refuse" | "share", ids: { party: string; order: string }) =>
    api.party.seat.mutate(frame({ ...ids, tables: [place.tables[1]], covers: 2, whenOccupied }));
  const [a, b] = [
    { party: newId("party"), order: newId("order") },
    { party: newId("party"), order: newId("order") },
  ];
  const answers = await Promise.all([seat(mai.api, "refuse", a), seat(two.api(luca.tokens.accessToken), "refuse", b)]);
  const [won, lost] = answers[0].ok ? [a, b] : [b, a];
  const refused = answers.find((answer) => !answer.ok);
  expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  expect(refused).toMatchObject({ ok: false, refusal: { refused: "table-occupied", table: place.tables[1], parties: [won.party] } });
  result(await seat(luca.api, "share", lost));
  expect((await stateOf(mai.api, "table", place.tables[1]))?.parties).toEqual([won.party, lost.party]);
});

test("failure 3: a retry after a lost answer gets the first answer and writes nothing", async () => {
  const mai = await place.login("Mai");
  const { party, order } = await seated(mai.api, place.tables[2]);
  const item = newId("item");
  const command = frame({ order, party, items: [{ item, product: place.products.latte }] });
  const first = await mai.api.order.addItems.mutate(command);
  const [before] = await admin`select count(*)::int as n from events`;
  const again = await Promise.all([mai.api, two.api(mai.tokens.accessToken)].map((api) => api.order.addItems.mutate(command)));
  expect(again).toEqual([first, first]);
  expect(await admin`select count(*)::int as n from events`).toEqual([before]);
});

test("LOG-4: a refusal is final under its id, also when it would be granted by now", async () => {
  const mai = await place.login("Mai");
  const { order, party } = await seated(mai.api, place.tables[2]);
  const item = newId("item");
  const send = frame({ order, items: [item] });
  const first = await mai.api.order.send.mutate(send);
  expect(first.ok).toBe(false);
  result(await add(mai.api, order, party, item));
  expect(await mai.api.order.send.mutate(send)).toEqual(first);
  expect(result(await mai.api.order.send.mutate(frame(send.input))).sent).toEqual([item]);
});

test("LOG-4: one id with another input, or by another person, is refused", async () => {
  const [mai, luca] = await Promise.all([place.login("Mai"), place.login("Luca")]);
  const { party, order } = await seated(mai.api, place.tables[2]);
  const command = frame({ order, party, items: [{ item: newId("item"), product: place.products.latte }] });
  result(await mai.api.order.addItems.mutate(command));
  const other = { ...command, input: { ...command.input, items: [{ item: newId("item"), product: place.products.burger }] } };
  expect(await failure(mai.api.order.addItems.mutate(other))).toMatchObject({ code: "CONFLICT", refused: "command-id-reused" });
  expect(await failure(luca.api.order.addItems.mutate(command))).toMatchObject({ code: "CONFLICT", refused: "command-id-reused" });
  const old = { ...command, commandId: "01ARZ3NDEKTSV4RRFFQ69G5FAV" };
  expect(await failure(mai.api.order.addItems.mutate(old))).toMatchObject({ code: "PRECONDITION_FAILED", refused: "command-too-old" });
});

test("failure 18: of 3 portions that 10 tablets ask for at once 3 are sent, 7 are told what is left, and the rest of their send is offered", async () => {
  const mai = await place.login("Mai");
  const { bass, latte } = place.products;
  result(await mai.api.stock.setCountdown.mutate(frame({ product: bass, remaining: "3" })));
  const orders = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const { party, order } = await seated(mai.api, place.tables[2]);
      const [fish, coffee] = [newId("item"), newId("item")];
      result(await mai.api.order.addItems.mutate(frame({ order, party, items: [{ item: fish, product: bass }, { item: coffee, product: latte }] })));
      return { order, fish, coffee };
    }),
  );
  const answers = await Promise.all(
    orders.map(({ order, fish, coffee }, i) => (i % 2 === 0 ? mai.api : two.api(mai.tokens.accessToken)).order.send.mutate(frame({ order, items: [fish, coffee] }))),
  );
  expect(answers.filter((answer) => answer.ok)).toHaveLength(3);
  for (const [i, answer] of answers.entries()) {
    if (answer.ok) continue;
    expect(answer.refusal).toMatchObject({
      refused: "insufficient-stock",
      short: [{ product: bass, name: "bass", requested: "1", available: "0", items: [orders[i]?.fish] }],
      sendable: [orders[i]?.coffee],
    });
    const { order, coffee } = orders[i] ?? { order: "", coffee: "" };
    expect(result(await mai.api.order.send.mutate(frame({ order, items: [coffee] }))).sent).toEqual([coffee]);
  }
  const { party, order } = await seated(mai.api, place.tables[2]);
  expect(await add(mai.api, order, party, newId("item"), bass)).toMatchObject({ ok: false, refusal: { refused: "sold-out" } });
});

test("what another hub has changed is not refused for good on what this one remembers", async () => {
  const mai = await place.login("Mai");
  const elsewhere = two.api(mai.tokens.accessToken);
  const { party, order } = await seated(mai.api, place.tables[2]);
  const item = newId("item");
  // Both hubs remember the order; then only the other one learns of the item.
  result(await add(mai.api, order, party, newId("item")));
  result(await add(elsewhere, order, party, item));
  expect(result(await mai.api.order.send.mutate(frame({ order, items: [item] }))).sent).toEqual([item]);
});

test("LOG-5: a state of an older fold is folded again from its events, and the next command writes all of it", async () => {
  const mai = await place.login("Mai");
  const { party, order } = await seated(mai.api, place.tables[2]);
  const [old, added] = [newId("item"), newId("item")];
  result(await add(mai.api, order, party, old));
  await admin`update aggregates set evolve_version = 0, head = head::jsonb - 'label' where stream = ${order}`;
  await admin`update aggregate_parts set doc = doc::jsonb - 'quantity' where stream = ${order}`;
  const three = await startTestHub({ database: one.database });
  const api = three.api(mai.tokens.accessToken);
  expect((await stateOf(api, "order", order))?.items[old]?.quantity).toBe("1");
  result(await add(api, order, party, added));
  const rows = await admin`select doc->>'quantity' as quantity from aggregate_parts where stream = ${order}`;
  expect(rows.map(({ quantity }) => quantity)).toEqual(["1", "1"]);
  const [head] = await admin`select evolve_version, head->>'label' as label from aggregates where stream = ${order}`;
  expect(head).toEqual({ evolve_version: aggregateOf("order").evolveVersion, label: "3" });
  await three.stop();
});

test("the envelope says who, where, when and on which business day", async () => {
  const mai = await place.login("Mai");
  const { party } = await seated(mai.api, place.tables[2]);
  const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
  const command = { ...frame({ party, covers: 5 }), occurredAt };
  result(await mai.api.party.changeCovers.mutate(command));
  const [row] = await admin`select envelope::json as envelope from events where command_id = ${command.commandId}`;
  expect(row?.["envelope"]).toMatchObject({
    source: "/hub",
    type: "allocation.usage.coversChanged",
    subject: party,
    merchantid: place.merchant,
    organizerid: place.organizer,
    actor: `staff:${mai.staff}`,
    commandid: command.commandId,
    correlationid: command.commandId,
    occurredat: occurredAt,
  });
  expect(row?.["envelope"].traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(row?.["envelope"].businessdate).toMatch(/^\d{4}-\d\d-\d\d$/);

  const ahead = { ...frame({ party, covers: 6 }), occurredAt: new Date(Date.now() + 3_600_000).toISOString() };
  result(await mai.api.party.changeCovers.mutate(ahead));
  const [clamped] = await admin`select envelope::json->>'occurredat' as at from events where command_id = ${ahead.commandId}`;
  expect(Date.parse(clamped?.["at"])).toBeLessThan(Date.now() + 6_000);
});

test("DOM-19: what is sold out while it was not counted yet is in no send that the log has later, over two hubs", async () => {
  const mai = await place.login("Mai");
  const { burger, latte } = place.products;
  const orders = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const { party, order } = await seated(mai.api, place.tables[2]);
      const items = [newId("item"), newId("item")];
      result(await mai.api.order.addItems.mutate(frame({ order, party, items: [{ item: items[0] ?? "", product: burger }, { item: items[1] ?? "", product: latte }] })));
      return { order, items };
    }),
  );
  const send = ({ order, items }: (typeof orders)[number], i: number) => (i % 2 === 0 ? mai.api : two.api(mai.tokens.accessToken)).order.send.mutate(frame({ order, items }));
  const [soldOut, ...answers] = await Promise.all([mai.api.stock.setCountdown.mutate(frame({ product: burger, remaining: "0" })), ...orders.map(send)]);
  if (!soldOut.ok || soldOut.at === null) throw new Error("the countdown was not set");
  const since = BigInt(soldOut.at.from);
  for (const answer of answers) {
    if (answer.ok) expect(BigInt(answer.at?.from ?? 0n)).toBeLessThan(since);
    else expect(answer.refusal).toMatchObject({ refused: "insufficient-stock", short: [{ product: burger, available: "0" }] });
  }
  result(await mai.api.stock.setCountdown.mutate(frame({ product: burger, remaining: null })));
});
