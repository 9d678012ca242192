import { connect, type Sql } from "#hub/db/client.ts";
import { afterAll, beforeAll } from "vitest";
import { makePlace, startTestHub, type HubFixture, type TestPlace } from "./hub-fixture.ts";

export type OnePlace = {
  readonly hub: HubFixture;
  readonly place: TestPlace;
  /** Sees every row of the hub's database. */
  readonly admin: Sql;
};

/** A hub with one place for the tests of a file, from their first `beforeAll` to their last `afterAll`. */
export function onePlace(): OnePlace {
  let parts: OnePlace | undefined;
  beforeAll(async () => {
    const hub = await startTestHub();
    parts = { hub, place: await makePlace(hub), admin: connect(hub.database.adminUrl, { max: 1 }) };
  });
  afterAll(async () => {
    await parts?.admin.end();
    await parts?.hub.stop();
  });
  const now = (): OnePlace => {
    if (parts === undefined) throw new Error("the place is there once the tests run");
    return parts;
  };
  return {
    get hub() {
      return now().hub;
    },
    get place() {
      return now().place;
    },
    get admin() {
      return now().admin;
    },
  };
}
