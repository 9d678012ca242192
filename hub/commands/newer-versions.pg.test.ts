import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aggregateOf } from "#hub/log/states.ts";
import { failure, frame, newId, result, startTestHub, type Api, type HubFixture } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import type * as Catalog from "#shared/events/catalog.ts";
import type { EventDefinition } from "#shared/events/define.ts";

const TYPE = "allocation.usage.coversChanged";

/** Files share what their worker has loaded; nothing of this one's may come from another, nor go to the next. */
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());

/** In this file's hubs the event is at its second version; in the first its covers were called guests. */
vi.mock("#shared/events/catalog.ts", async (original) => {
  const catalog = await original<typeof Catalog>();
  const upcasters = [(data: unknown) => ({ covers: (data as { guests: number }).guests })];
  return {
    ...catalog,
    eventDefinition(type: string): EventDefinition | undefined {
      const definition = catalog.eventDefinition(type);
      return definition?.type === TYPE ? { ...definition, version: 2, upcasters } : definition;
    },
  };
});

const here = onePlace();
/** The first hub remembers what it wrote, this one knows what the log holds. */
let two: HubFixture;
beforeAll(async () => {
  two = await startTestHub({ database: here.hub.database });
});
afterAll(() => two.stop());

/** A party whose covers were changed from 2 to 5. */
async function changedParty(api: Api): Promise<string> {
  const party = newId("party");
  result(await api.party.seat.mutate(frame({ party, order: newId("order"), tables: [here.place.tables[0]], covers: 2, whenOccupied: "share" as const })));
  result(await api.party.changeCovers.mutate(frame({ party, covers: 5 })));
  return party;
}

const rewrite = (party: string, from: string, to: string) => here.admin`update events set envelope = replace(envelope, ${from}, ${to}) where stream = ${party} and type = ${TYPE}`;
const foldedBy = (party: string, evolveVersion: number) => here.admin`update aggregates set evolve_version = ${evolveVersion} where stream = ${party}`;

async function coversShown(api: Api, party: string): Promise<unknown> {
  const { aggregates } = await api.sync.snapshot.query();
  return (aggregates.find(({ stream }) => stream === party)?.state as { covers: number } | undefined)?.covers;
}

test("EVT-7: events of an older version are brought up to date before they are folded", async () => {
  const mai = await here.place.login("Mai");
  const elsewhere = two.api(mai.tokens.accessToken);
  const party = await changedParty(mai.api);
  const [written] = await here.admin`select envelope::json->>'dataversion' as version from events where stream = ${party} and type = ${TYPE}`;
  expect(written).toEqual({ version: "2" });
  await rewrite(party, `"dataversion":2`, `"dataversion":1`);
  await rewrite(party, `"covers":5`, `"guests":5`);
  await here.admin`update aggregates set evolve_version = 0, head = head::jsonb - 'covers' where stream = ${party}`;
  expect(await coversShown(elsewhere, party)).toBe(5);
  result(await elsewhere.party.changeCovers.mutate(frame({ party, covers: 6 })));
  expect(await coversShown(elsewhere, party)).toBe(6);
});

test("EVT-7: a stream with an event of a newer version is not decided on, and the same command is answered once the process knows it", async () => {
  const mai = await here.place.login("Mai");
  const elsewhere = two.api(mai.tokens.accessToken);
  const party = await changedParty(mai.api);
  await rewrite(party, `"dataversion":2`, `"dataversion":3`);
  await foldedBy(party, 0);
  const command = frame({ party, covers: 7 });
  const newer = { code: "SERVICE_UNAVAILABLE", refused: "unavailable", reason: "newer-version" };
  expect(await failure(elsewhere.party.changeCovers.mutate(command))).toMatchObject(newer);
  expect(await failure(elsewhere.sync.snapshot.query())).toMatchObject(newer);
  expect(await here.admin`select from commands where command_id = ${command.commandId}`).toHaveLength(0);
  await rewrite(party, `"dataversion":3`, `"dataversion":2`);
  result(await elsewhere.party.changeCovers.mutate(command));
  expect(await coversShown(elsewhere, party)).toBe(7);
});

test("LOG-5: a state that a newer fold wrote is not touched, whether it is loaded or remembered", async () => {
  const mai = await here.place.login("Mai");
  const party = await changedParty(mai.api);
  const own = aggregateOf("party").evolveVersion;
  await foldedBy(party, own + 1);
  const command = frame({ party, covers: 8 });
  for (const api of [two.api(mai.tokens.accessToken), mai.api]) {
    expect(await failure(api.party.changeCovers.mutate(command))).toMatchObject({ refused: "unavailable", reason: "newer-version" });
  }
  await foldedBy(party, own);
  result(await mai.api.party.changeCovers.mutate(command));
  expect(await coversShown(mai.api, party)).toBe(8);
});
