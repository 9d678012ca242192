import { afterAll, beforeAll, expect, test } from "vitest";
import postgres from "postgres";
import { SECRET, startTestHub, type HubFixture } from "#hub/testing/hub-fixture.ts";
import { seedClient } from "./client.ts";
import { PLACES, tenantOf } from "./places.ts";
import type { Place } from "./place.ts";
import { seedPlace } from "./seed-place.ts";
import { TRATTORIA_NOVE } from "./trattoria-nove.ts";

let fixture: HubFixture;
beforeAll(async () => {
  fixture = await startTestHub({ demo: true });
});
afterAll(() => fixture.stop());

const PRINTERS = [{ name: "Bar", host: "127.0.0.1", port: 9101 }];

function seed(place: Place) {
  return seedPlace(place, PRINTERS, seedClient(fixture.url, SECRET, tenantOf(place)));
}

test("the demo is seeded once, and a second seed writes nothing", async () => {
  for (const place of PLACES) expect(await seed(place)).toBeGreaterThan(20);
  const sql = postgres(fixture.database.adminUrl, { max: 1 });
  const [before] = await sql`select count(*)::int as n from events`;
  for (const place of PLACES) expect(await seed(place)).toBe(0);
  expect(await sql`select count(*)::int as n from events`).toEqual([before]);
  await sql.end();
});

test("the demo's places, a device by a demo code, and a login with the shown PIN", async () => {
  const { merchants } = await fixture.api().demo.places.query();
  expect(merchants.map(({ name }) => name)).toEqual(["Trattoria Nove", "Blue Door Café", "Warung Senja"]);
  const trattoria = merchants.find(({ name }) => name === "Trattoria Nove");
  if (trattoria === undefined) throw new Error("no Trattoria");
  expect(trattoria.stations.map(({ name }) => name)).toEqual(["Bar", "Grill", "Kitchen", "Pass"]);
  const { code } = await fixture.api().demo.pair.mutate({ merchant: trattoria.id, kind: "pos", station: null, name: "Tablet" });
  const paired = await fixture.api().auth.pair.mutate({ code });
  const device = fixture.api(paired.deviceToken);
  const { people } = await device.auth.people.query();
  const mai = people.find(({ name }) => name === "Mai");
  const pin = trattoria.people.find(({ name }) => name === "Mai")?.pin ?? "";
  const login = await device.auth.login.mutate({ staff: mai?.staff ?? "", pin });
  const { aggregates } = await fixture.api(login.accessToken).sync.snapshot.query();
  const count = (kind: string) => aggregates.filter((one) => one.kind === kind).length;
  expect(count("table")).toBeGreaterThanOrEqual(20);
  expect(count("product")).toBe(TRATTORIA_NOVE.dishes.length);
  expect(count("countdown")).toBe(TRATTORIA_NOVE.dishes.filter(({ left }) => left !== undefined).length);
});

test("the start page lists the places in the order of the seed, with their money, people and screens", async () => {
  const html = await (await fetch(fixture.url)).text();
  const at = ["Trattoria Nove", "Blue Door Café", "Warung Senja", "Printed slips"].map((name) => html.indexOf(`>${name}<`));
  expect(at.slice(0, 3)).toEqual([...at.slice(0, 3)].sort((a, b) => a - b));
  expect(at.slice(0, 3)).not.toContain(-1);
  for (const words of ["tax inside the price (10 % and 22 %)", "service 10 %", "tax on top (8.875 %)", "18 % from 6 guests", "tips on the slip", "IDR", "service 5 %"]) expect(html.replaceAll("\u00a0", " ")).toContain(words);
  expect(html).toMatch(/Sofia <small>Manager<\/small>/);
});
