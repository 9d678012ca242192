import { ulid } from "ulidx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { failure, frame, newId, result, SECRET, startTestHub, type Api, type HubFixture } from "#hub/testing/hub-fixture.ts";
import { giftCardCode } from "#shared/domain/gift-card/code.ts";
import { giftCardOf } from "#shared/domain/gift-card/gift-card.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { receiptModel } from "#consumers/printing/slips/from-events.ts";
import { receiptSlip } from "#consumers/printing/slips/receipt-slip.ts";
import { refundSlip, type RefundCreated } from "#consumers/printing/slips/refund-slip.ts";
import { BLUE_DOOR_CAFE } from "./blue-door-cafe.ts";
import { seedClient } from "./client.ts";
import { seedId } from "./ids.ts";
import type { Place } from "./place.ts";
import { tenantOf } from "./places.ts";
import { seedPlace } from "./seed-place.ts";
import { TRATTORIA_NOVE } from "./trattoria-nove.ts";
import { WARUNG_SENJA } from "./warung-senja.ts";

let fixture: HubFixture;
let consumers: TestConsumers;
beforeAll(async () => {
  fixture = await startTestHub({ demo: true });
  consumers = startTestConsumers(fixture);
  for (const place of [TRATTORIA_NOVE, BLUE_DOOR_CAFE, WARUNG_SENJA]) await seedPlace(place, [], seedClient(fixture.url, SECRET, tenantOf(place)));
}, 90_000);
afterAll(async () => {
  consumers.stop();
  await fixture.stop();
});

/** The manager on a till of their own, and the demo's words for ids. */
async function managerOf(place: Place) {
  const { merchant } = tenantOf(place);
  const who = place.people.find(({ role }) => role === "Manager");
  const { code } = await fixture.api().demo.pair.mutate({ merchant, kind: "pos", station: null, name: `Till of ${place.key}` });
  const { deviceToken } = await fixture.api().auth.pair.mutate({ code });
  const login = await fixture.api(deviceToken).auth.login.mutate({ staff: seedId("staff", place.key, who?.key ?? ""), pin: who?.pin ?? "" });
  const api = fixture.api(login.accessToken);
  const dish = (key: string) => seedId("product", place.key, key);
  const line = (key: string, more: object = {}) => ({ item: newId("item"), product: dish(key), ...more });
  return { api, dish, line, table: (name: string) => seedId("table", place.key, name) };
}
type Line = ReturnType<Awaited<ReturnType<typeof managerOf>>["line"]>;

async function sent(api: Api, order: string, items: readonly Line[], opening: object): Promise<string> {
  const { check } = result(await api.order.addItems.mutate(frame({ order, ...opening, items: [...items] })));
  const { aggregates } = await api.sync.snapshot.query();
  const state = aggregates.find(({ stream }) => stream === order)?.state as { items: Record<string, unknown> };
  result(await api.order.send.mutate(frame({ order, items: Object.keys(state.items) })));
  return check;
}
async function atTable(api: Api, table: string, covers: number, items: readonly Line[]): Promise<string> {
  const ids = { party: newId("party"), order: newId("order") };
  result(await api.party.seat.mutate(frame({ ...ids, tables: [table], covers, whenOccupied: "share" as const })));
  return sent(api, ids.order, items, { party: ids.party });
}
const pickup = (api: Api, items: readonly Line[]) =>
  sent(api, newId("order"), items, { opening: { serviceType: "takeaway" as const, label: "Pickup 1", channel: "till" as const, customer: null, promisedAt: null } });
async function totalsOf(api: Api, check: string) {
  const { aggregates } = await api.sync.snapshot.query();
  return checkTotals(aggregates.find(({ stream }) => stream === check)?.state as CheckState);
}
/** The receipt of a closed bill whose guests still sit, as it is printed; a PDF is drawn from the same lines. */
async function receiptOf(api: Api, check: string, place: Place): Promise<readonly string[]> {
  const { aggregates } = await api.sync.snapshot.query();
  const receipt = (aggregates.find(({ stream }) => stream === check)?.state as CheckState | undefined)?.receipt;
  if (!receipt) throw new Error(`${check} has no receipt`);
  const { lines } = receiptSlip(receiptModel(receipt, "receipt", "2026-11-20T20:00:00.000Z", place.profile));
  const cells = lines.flatMap((line) => (line.kind === "columns" ? [line.cells.map(({ text }) => text).join("|")] : []));
  return cells.slice(cells.findIndex((text) => text.startsWith("Subtotal")));
}
/** What is printed when the first line of the bill goes back, from that line to the total. */
async function refundOf(api: Api, check: string, place: Place, drawer?: string): Promise<readonly string[]> {
  const stateOf = async <State>(stream: string) => (await api.sync.snapshot.query()).aggregates.find((one) => one.stream === stream)?.state as State;
  const [share] = Object.keys((await stateOf<CheckState>(check)).shares);
  const refund = newId("refund");
  result(await api.payment.refund.mutate(frame({ refund, check, what: { kind: "items" as const, items: [{ share: share ?? "" }] }, reason: "cold", ...(drawer === undefined ? {} : { drawer }) })));
  const data = (await stateOf<CheckState>(check)).refunds?.find((one) => one.refund === refund)?.document;
  const { lines } = refundSlip({ data, occurredat: "2026-11-20T20:00:00.000Z" } as RefundCreated, place.profile);
  const cells = lines.flatMap((line) => (line.kind === "columns" ? [line.cells.map(({ text }) => text).join("|")] : []));
  return cells.slice(0, cells.findIndex((text) => text.startsWith("TOTAL")) + 1);
}
async function paidByCard(api: Api, check: string): Promise<void> {
  result(await api.payment.takeCard.mutate(frame({ payment: newId("payment"), check, slip: "1" })));
  result(await api.check.close.mutate(frame({ check })));
}
/** Credit less debit of each account, once the books have all that happened. */
async function books(api: Api): Promise<Readonly<Record<string, string>>> {
  await consumers.caughtUp();
  const { trialBalance } = await api.report.today.query();
  expect(trialBalance.balanced).toBe(true);
  return Object.fromEntries(trialBalance.accounts.map(({ account, debit, credit }) => [account, (BigInt(credit.amount) - BigInt(debit.amount)).toString()]));
}

test("EU: the tax is inside the price, and a drink that is carried away has another rate", async () => {
  const { api, line, table } = await managerOf(TRATTORIA_NOVE);
  const bill = await atTable(api, table("2"), 2, [line("cola"), line("pho")]);
  const here = await totalsOf(api, bill);
  // 3.80 + 13.90, service 1.77; 10 % is inside all of it.
  expect(here).toMatchObject({ total: "1947", serviceCharge: "161", tax: "177" });
  await paidByCard(api, bill);
  expect(await receiptOf(api, bill, TRATTORIA_NOVE)).toEqual(["Subtotal|17.70", "Net|16.09", "Service charge 10%, net|1.61", "Rate|Of|Tax", "VAT 10% incl.|17.70|1.77", "TOTAL EUR|19.47", "Card 1|19.47"]);
  expect(await refundOf(api, bill, TRATTORIA_NOVE)).toEqual(["1x Cola|3.80", "Net|3.45", "Service charge, net|0.35", "Rate|Of|Tax", "VAT 10% incl.|3.80|0.38", "TOTAL EUR|4.18"]);
  const away = await totalsOf(api, await pickup(api, [line("cola"), line("pho")]));
  expect(away.total).toBe("1770");
  expect(away.taxes.map(({ rate, tax }) => [rate, tax])).toEqual([["0.22", "69"], ["0.1", "126"]]);
});

test("US: sales tax is on top; a party of six pays the gratuity, a party of five does not; tips are written on the slip", async () => {
  const { api, line, table } = await managerOf(BLUE_DOOR_CAFE);
  const food = () => [line("drip"), line("granola")];
  expect(await totalsOf(api, await atTable(api, table("2"), 5, food()))).toMatchObject({ net: "1375", serviceCharge: "0", tax: "122", total: "1497" });
  // 13.75 x 18 % = 2.475; 8.875 % of 16.23 = 1.440...
  const bill = await atTable(api, table("5"), 6, food());
  expect(await totalsOf(api, bill)).toMatchObject({ net: "1375", serviceCharge: "248", tax: "144", total: "1767" });
  await paidByCard(api, bill);
  expect(await receiptOf(api, bill, BLUE_DOOR_CAFE)).toEqual(["Subtotal|13.75", "Net|13.75", "Service charge 18%|2.48", "Rate|Of|Tax", "Sales tax 8.875%|16.23|1.44", "TOTAL USD|17.67", "Card 1|17.67"]);
  expect(await refundOf(api, bill, BLUE_DOOR_CAFE)).toEqual(["1x Drip coffee|3.25", "Net|3.25", "Service charge|0.59", "Rate|Of|Tax", "Sales tax 8.875%|3.84|0.34", "TOTAL USD|4.18"]);
  const { aggregates } = await api.sync.snapshot.query();
  const merchant = aggregates.find(({ kind }) => kind === "merchant")?.state as { policies: { tips: unknown } };
  expect(merchant.policies.tips).toEqual({ suggestions: ["0.18", "0.2", "0.22"], afterAuthorisation: true, recipient: "server" });
});

test("Indonesia: service, then tax on both, in rupiah; cash is taken to the nearest hundred and the difference is posted", async () => {
  const { api, line, table } = await managerOf(WARUNG_SENJA);
  const before = await books(api);
  const items = [line("nasi-goreng"), line("sate-ayam"), line("nasi-putih")];
  const check = await atTable(api, table("2"), 2, items);
  // Rp 107.000, service 5.350, tax 11.235: Rp 123.585. The stored amounts have ISO's two decimals.
  expect(await totalsOf(api, check)).toMatchObject({ net: "10700000", serviceCharge: "535000", tax: "1123500", total: "12358500", due: "12358500" });
  const idr = (rupiah: number) => ({ amount: String(rupiah * 100), currency: "IDR" });
  const drawer = newId("drawer");
  result(await api.drawer.open.mutate(frame({ drawer, name: "Kasir 1", float: idr(0) })));
  const { tender } = result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: idr(150_000) })));
  expect(tender).toMatchObject({ amount: { amount: "12358500" }, roundingDifference: { amount: "1500" }, change: idr(26_400) });
  result(await api.check.close.mutate(frame({ check })));
  expect(await receiptOf(api, check, WARUNG_SENJA)).toEqual([
    "Subtotal|107.000", "Net|107.000", "Service charge 5%|5.350", "Rate|Of|Tax", "PB1 10%|112.350|11.235", "TOTAL IDR|123.585", "Cash|123.585", "  Rounding|15", "  Given|150.000", "  Change|26.400",
  ]);
  const after = await books(api);
  const moved = (account: string) => (BigInt(after[account] ?? "0") - BigInt(before[account] ?? "0")).toString();
  expect([moved("4000"), moved("4050"), moved("2100"), moved("6210"), moved("1100"), moved("2020")]).toEqual(["10700000", "535000", "1123500", "1500", "0", "0"]);
  expect(await refundOf(api, check, WARUNG_SENJA, drawer)).toEqual(["1x Nasi goreng|45.000", "Net|45.000", "Service charge|2.250", "Rate|Of|Tax", "PB1 10%|47.250|4.725", "TOTAL IDR|51.975"]);
});

test("a combo and a gift card: the combo's price by tax rate, the card no revenue until it is redeemed, and never twice", async () => {
  const { api, dish, line } = await managerOf(TRATTORIA_NOVE);
  const before = await books(api);
  const part = (name: string, key: string, more: object = {}) => ({ item: newId("item"), part: name, product: dish(key), ...more });
  const lunch = line("lunch-menu", { parts: [part("main", "carbonara"), part("drink", "cola"), part("dessert", "tiramisu")] });
  const card = line("gift-card", { variant: "50" });
  const check = await pickup(api, [lunch, card]);
  // 19.90 by 21.00 of food and 3.80 of drink: 16.85 at 10 %, 3.05 at 22 %.
  const totals = await totalsOf(api, check);
  expect(totals).toMatchObject({ storedValue: "5000", total: "6990", serviceCharge: "0" });
  expect(totals.taxes.map(({ rate, base, tax }) => [rate, base, tax])).toEqual([["0.22", "250", "55"], ["0.1", "1532", "153"]]);
  expect(await failure(api.giftCard.find.query({ code: giftCardCode(giftCardOf(card.item)) }))).toMatchObject({ code: "NOT_FOUND", refused: "unknown-gift-card" });
  await paidByCard(api, check);
  const sold = await books(api);
  const moved = (now: Readonly<Record<string, string>>, then: Readonly<Record<string, string>>, account: string) => (BigInt(now[account] ?? "0") - BigInt(then[account] ?? "0")).toString();
  expect(["4000", "2100", "2300", "1100", "2020"].map((account) => moved(sold, before, account))).toEqual(["1782", "208", "5000", "0", "0"]);

  const found = await api.giftCard.find.query({ code: giftCardCode(giftCardOf(card.item)).toLowerCase() });
  expect(found).toMatchObject({ card: giftCardOf(card.item), balance: { amount: "5000", currency: "EUR" } });
  // Two tills at once, 41.70 each: there is enough for one.
  const bills = await Promise.all([1, 2].map(() => pickup(api, [line("pho", { quantity: "3" })])));
  const all = { amount: "4170", currency: "EUR" };
  const take = (bill: string) => api.payment.takeGiftCard.mutate({ commandId: ulid(), input: { payment: newId("payment"), check: bill, card: found.card, amount: all } });
  const answers = await Promise.all(bills.map(take));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { refused: "gift-card-balance", left: { amount: "830" } } });
  for (const [i, answer] of answers.entries()) if (answer.ok) result(await api.check.close.mutate(frame({ check: bills[i] ?? "" })));
  const spent = await books(api);
  expect(["4000", "2100", "2300", "1100", "2020"].map((account) => moved(spent, sold, account))).toEqual(["3791", "379", "-4170", "0", "0"]);
  expect((await api.giftCard.find.query({ code: giftCardCode(found.card) })).balance.amount).toBe("830");
});

test("the code of a gift card is not guessed: wrong ones are slowed down per device, and a place knows only its own", async () => {
  const { api } = await managerOf(WARUNG_SENJA);
  const wrong = () => failure(api.giftCard.find.query({ code: "AAAA-BBBB-CCCC" }));
  for (let i = 0; i < 10; i++) expect(await wrong()).toMatchObject({ code: "NOT_FOUND" });
  expect(await wrong()).toMatchObject({ code: "TOO_MANY_REQUESTS", refused: "too-many-attempts" });
});
