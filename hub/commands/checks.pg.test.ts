import { afterAll, beforeAll, expect, test } from "vitest";
import postgres, { type Sql } from "postgres";
import { frame, makePlace, newId, result, startTestHub, until, type Api, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { startHubProcess, type HubProcess } from "#hub/testing/hub-process.ts";
import { helloText, Screen } from "#hub/realtime/testing/rehearsal.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { idsOfCommand } from "#shared/domain/ids-of-command.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";

/** Two hubs on one database, the second a process of its own: two cashiers at one check. */
let one: HubFixture;
let two: HubProcess;
let place: TestPlace;
let admin: Sql;
let mai: Awaited<ReturnType<TestPlace["login"]>>;
let luca: Awaited<ReturnType<TestPlace["login"]>>;
let elsewhere: Api;
beforeAll(async () => {
  one = await startTestHub();
  two = await startHubProcess(one.database);
  place = await makePlace(one);
  admin = postgres(one.database.adminUrl, { max: 2 });
  [mai, luca] = await Promise.all([place.login("Mai"), place.login("Luca")]);
  elsewhere = two.api(luca.tokens.accessToken);
});
afterAll(async () => {
  await admin.end();
  two.stop();
  await one.stop();
});

/** A party with this many lattes and burgers, sent. */
async function served(lines = 2) {
  const ids = { party: newId("party"), order: newId("order") };
  result(await mai.api.party.seat.mutate(frame({ ...ids, tables: [place.tables[0]], covers: 2, whenOccupied: "share" as const })));
  const items = Array.from({ length: lines }, () => newId("item"));
  const { check } = result(await mai.api.order.addItems.mutate(frame({ ...ids, items: items.map((item, i) => ({ item, product: i % 2 === 0 ? place.products.latte : place.products.burger, quantity: "3", seat: 1 + (i % 3) })) })));
  result(await mai.api.order.send.mutate(frame({ order: ids.order, items })));
  return { ...ids, items, check };
}

async function checks(api: Api): Promise<ReadonlyMap<string, CheckState>> {
  const { aggregates } = await api.sync.snapshot.query();
  return new Map(aggregates.filter(({ kind }) => kind === "check").map(({ stream, state }) => [stream, state as CheckState]));
}
async function checkOf(check: string, api = mai.api): Promise<CheckState> {
  const state = (await checks(api)).get(check);
  if (!state) throw new Error(`${check} is not shown`);
  return state;
}
const sharesOf = async (check: string) => Object.values((await checkOf(check)).shares);
async function totalOf(...ids: string[]): Promise<bigint> {
  const all = await checks(mai.api);
  return ids.reduce((sum, id) => sum + BigInt(checkTotals(all.get(id) ?? (undefined as never)).total), 0n);
}

test("a split is one transaction and one frame, seen by the other cashier on another hub", async () => {
  const { check } = await served(4);
  const { ticket } = await elsewhere.auth.socketTicket.mutate();
  const screen = new Screen(`${two.url.replace("http", "ws")}/ws`, helloText({ ticket }));
  await screen.got("caughtUp");
  const into = [newId("check"), newId("check")];
  const [first, second] = await sharesOf(check);
  const command = frame({ operation: newId("operation"), check, into: [{ check: into[0] ?? "", lines: [{ share: first?.share ?? "" }] }, { check: into[1] ?? "", lines: [{ share: second?.share ?? "", quantity: "1" }] }] });
  const answer = await mai.api.check.split.mutate(command);
  result(answer);
  const rows = await admin<{ position: string; stream: string }[]>`select position::text, stream from events where command_id = ${command.commandId} order by position`;
  expect(answer).toMatchObject({ at: { from: rows[0]?.position, to: rows.at(-1)?.position } });
  expect(new Set(rows.map(({ stream }) => stream))).toEqual(new Set([check, ...into]));
  await until("the frame", async () => screen.of("frame").some(({ commandId }) => commandId === command.commandId), 5_000);
  const frames = screen.of("frame").filter(({ commandId }) => commandId === command.commandId);
  expect(frames).toHaveLength(1);
  expect(frames[0]?.events).toHaveLength(rows.length);
  screen.close();
});

test("a part of a line has the id that the tablet which asked for it has shown it under", async () => {
  const { check } = await served();
  const [first] = await sharesOf(check);
  const into = newId("check");
  const command = frame({ operation: newId("operation"), check, into: [{ check: into, lines: [{ share: first?.share ?? "", quantity: "1" }] }] });
  result(await mai.api.check.split.mutate(command));
  const named = idsOfCommand(command.commandId, () => "")("share");
  expect((await sharesOf(into)).map(({ share }) => share)).toEqual([named]);
});

test("two cashiers at one check each see the other's work by the socket, without asking again", async () => {
  const { check } = await served(4);
  const [first, second] = await sharesOf(check);
  const screens = await Promise.all(
    [{ hub: one, api: mai.api }, { hub: two, api: elsewhere }].map(async ({ hub, api }) => {
      const { ticket } = await api.auth.socketTicket.mutate();
      const screen = new Screen(`${hub.url.replace("http", "ws")}/ws`, helloText({ ticket }));
      await screen.got("caughtUp");
      return screen;
    }),
  );
  const split = (share: string | undefined) => frame({ operation: newId("operation"), check, into: [{ check: newId("check"), lines: [{ share: share ?? "" }] }] });
  const [mine, theirs] = [split(first?.share), split(second?.share)];
  result(await mai.api.check.split.mutate(mine));
  result(await elsewhere.check.split.mutate(theirs));
  for (const screen of screens) {
    await until("both works", async () => [mine, theirs].every((work) => screen.of("frame").some(({ commandId }) => commandId === work.commandId)), 5_000);
    screen.close();
  }
});

test("two cashiers take the same line to two checks at once: one has it, the other is told where it stands", async () => {
  const { check } = await served(2);
  const [line] = await sharesOf(check);
  const whole = await totalOf(check);
  const into = [newId("check"), newId("check")] as const;
  const split = (api: Api, to: string) => api.check.split.mutate(frame({ operation: newId("operation"), check, into: [{ check: to, lines: [{ share: line?.share ?? "" }] }] }));
  const answers = await Promise.all([split(mai.api, into[0]), split(elsewhere, into[1])]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { refused: "unknown-share", share: line?.share } });
  const won = answers[0].ok ? into[0] : into[1];
  expect(await totalOf(check, won)).toBe(whole);
});

test("a split while another pays: the payment and the split both hold, or one is refused truthfully", async () => {
  const { check } = await served(3);
  const whole = await totalOf(check);
  const [line] = await sharesOf(check);
  const into = newId("check");
  const [paid, split] = await Promise.all([
    mai.api.payment.takeCard.mutate(frame({ payment: newId("payment"), check, slip: "1" })),
    elsewhere.check.split.mutate(frame({ operation: newId("operation"), check, into: [{ check: into, lines: [{ share: line?.share ?? "" }] }] })),
  ]);
  const all = await checks(mai.api);
  const sum = [check, into].flatMap((id) => all.get(id) ?? []).map(checkTotals);
  expect(sum.reduce((total, one) => total + BigInt(one.total), 0n)).toBe(whole);
  expect(sum.every(({ due }) => BigInt(due) >= 0n)).toBe(true);
  expect(paid.ok).toBe(true);
  if (!split.ok) expect(split.refusal).toMatchObject({ refused: "item-paid", check });
});

test("a merge while another adds: what was added is on the target, whoever was first", async () => {
  const [a, b] = [await served(2), await served(2)];
  const item = newId("item");
  const [merged, added] = await Promise.all([
    mai.api.check.merge.mutate(frame({ operation: newId("operation"), target: a.check, sources: [b.check] })),
    elsewhere.order.addItems.mutate(frame({ order: b.order, party: b.party, items: [{ item, product: place.products.latte }] })),
  ]);
  expect([merged.ok, added.ok]).toEqual([true, true]);
  expect((await sharesOf(a.check)).map((share) => share.item)).toContain(item);
  expect(await sharesOf(a.check)).toHaveLength(5);
});

test("merging with money on it moves the payment, and undoing brings both back", async () => {
  const [a, b] = [await served(2), await served(2)];
  const payment = newId("payment");
  result(await mai.api.payment.takeCard.mutate(frame({ payment, check: b.check, slip: "1", amount: { amount: "500", currency: "EUR" } })));
  const before = [await checkOf(a.check), await checkOf(b.check)];
  const operation = newId("operation");
  result(await mai.api.check.merge.mutate(frame({ operation, target: a.check, sources: [b.check] })));
  const [moved] = await admin<{ head: { check: string } }[]>`select head from aggregates where stream = ${payment}`;
  expect(moved?.head.check).toBe(a.check);
  result(await elsewhere.check.undo.mutate(frame({ operation, check: a.check })));
  for (const [i, id] of [a.check, b.check].entries()) expect(await checkOf(id)).toMatchObject({ shares: before[i]?.shares, tenders: before[i]?.tenders, status: "open" });
  const refused = await mai.api.check.undo.mutate(frame({ operation, check: a.check }));
  expect(refused).toMatchObject({ ok: false, refusal: { refused: "unknown-operation" } });
});

test("by seat, shared by all, one part paid and closed, another line added: parts make up the whole, and what cannot be undone says why", async () => {
  const { check, order, party, items } = await served(3);
  const ids = [newId("check"), newId("check")];
  const operation = newId("operation");
  const { checks: made } = result(await mai.api.check.splitBySeat.mutate(frame({ operation, check, checks: ids })));
  expect(made).toHaveLength(2);
  const bread = newId("item");
  result(await elsewhere.order.addItems.mutate(frame({ order, party, items: [{ item: bread, product: place.products.burger }] })));
  result(await elsewhere.order.send.mutate(frame({ order, items: [bread] })));
  const share = newId("operation");
  result(await mai.api.check.share.mutate(frame({ operation: share, items: [bread], check, among: [check, ...made] })));
  expect(await totalOf(check, ...made)).toBe(BigInt(450 * 10));
  const [part = ""] = made;
  result(await mai.api.payment.takeCard.mutate(frame({ payment: newId("payment"), check: part, slip: "2" })));
  result(await mai.api.check.close.mutate(frame({ check: part })));
  expect(await mai.api.check.undo.mutate(frame({ operation: share, check }))).toMatchObject({ ok: false, refusal: { refused: "cannot-undo", why: "closed", check: part } });
  expect(items).toHaveLength(3);
});

test("a waiter's tables go to somebody else in one command", async () => {
  const a = await served(1);
  const { commandId, input } = frame({ operation: newId("operation"), parties: [a.party], to: luca.staff });
  result(await mai.api.party.handOver.mutate({ commandId, input }));
  expect((await checkOf(a.check)).server).toMatchObject({ staff: luca.staff, name: "Luca" });
});

test("somebody else's check is nobody's: refused, and nothing is written", async () => {
  const { check } = await served(2);
  const other = await makePlace(one, "EUR", "Other");
  const stranger = await other.login("Eve");
  const [line] = await sharesOf(check);
  const answer = await stranger.api.check.split.mutate(frame({ operation: newId("operation"), check, into: [{ check: newId("check"), lines: [{ share: line?.share ?? "" }] }] }));
  expect(answer).toMatchObject({ ok: false, refusal: { refused: "unknown-check" } });
  expect(await sharesOf(check)).toHaveLength(2);
});
