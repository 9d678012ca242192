import { expect, test } from "vitest";
import { failure, frame, makePlace, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";

const here = onePlace();

test("everything that happened to an entity: who, when, what was before and after; and to nobody else's", async () => {
  const sofia = await here.place.login("Sofia");
  const { api, staff } = sofia;
  const ids = { party: newId("party"), order: newId("order") };
  result(await api.party.seat.mutate(frame({ ...ids, tables: [here.place.tables[0]], covers: 2, whenOccupied: "share" as const })));
  const changed = frame({ party: ids.party, covers: 5 });
  result(await api.party.changeCovers.mutate(changed));
  const { entries, next } = await api.operation.trail.query({ stream: ids.party, after: 0 });
  expect(next).toBeNull();
  expect(entries.map(({ type, actor }) => [type, actor])).toEqual([
    ["allocation.usage.seated", { id: staff, name: "Sofia" }],
    ["allocation.usage.coversChanged", { id: staff, name: "Sofia" }],
  ]);
  expect(entries[1]).toMatchObject({ version: 2, command: changed.commandId, correlation: changed.commandId, causation: null, data: { covers: 5 }, changes: [{ field: "covers", before: 2, after: 5 }], link: null });
  // Who includes the device, by what right, and whether it came from the same place: never the address.
  const { paired: { device } } = sofia;
  for (const entry of entries) expect(entry).toMatchObject({ device: { id: device, name: "Test pos" }, capability: "floor.seat", addressHash: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) as string });
  expect(new Set(entries.map(({ addressHash }) => addressHash)).size).toBe(1);
  expect(entries[1]?.trace).toMatch(/^[0-9a-f]{32}$/);
  expect((await api.operation.trail.query({ stream: ids.party, after: 1 })).entries).toEqual([entries[1]]);
  expect((await api.operation.trail.query({ stream: staff, after: 0 })).entries[0]).toMatchObject({ type: "identity.staff.created", changes: expect.arrayContaining([{ field: "name", before: null, after: "Sofia" }]) });

  const other = await makePlace(here.hub);
  const stranger = await other.login("Eve");
  for (const stream of [ids.party, staff, here.place.merchant]) expect(await failure(stranger.api.operation.trail.query({ stream, after: 0 }))).toMatchObject({ refused: "unknown-entity" });
  const waiter = await here.place.login("Mai", ["order.take"]);
  expect(await failure(waiter.api.operation.trail.query({ stream: ids.party, after: 0 }))).toMatchObject({ refused: "capability-missing" });
});

test("what the hub writes on behalf of a request has the address that it came from, pairing and PINs included", async () => {
  await here.place.login("Luca");
  const written = await here.admin<{ type: string; from: string | null }[]>`
    select distinct type, envelope::jsonb ->> 'addresshash' as from from events where envelope::jsonb ->> 'source' = '/hub' and owner_id in (${here.place.merchant}, ${here.place.organizer})`;
  expect(written.map(({ type }) => type)).toEqual(expect.arrayContaining(["identity.device.paired", "identity.staff.pinChanged", "identity.staff.created"]));
  expect(new Set(written.map(({ from }) => from))).toEqual(new Set([expect.stringMatching(/^[A-Za-z0-9_-]{22}$/)]));
});
