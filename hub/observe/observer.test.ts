import { expect, test } from "vitest";
import type { Sql } from "#hub/db/client.ts";
import type { EventLog } from "#hub/log/append.ts";
import type { Realtime } from "#hub/realtime/create-realtime.ts";
import { createObserver } from "./observer.ts";

test("regression: a Postgres that answers no look is alerted, though the rules live of looks", () => {
  let now = 0;
  const observer = createObserver({
    sql: (() => new Promise(() => {})) as unknown as Sql,
    log: { state: () => ({ append: { database: "up" } }) } as unknown as Pick<EventLog, "state">,
    realtime: { stats: () => ({ sockets: 3, slow: 0 }) } as unknown as Pick<Realtime, "stats">,
    now: () => now,
    onError: () => {},
  });
  void observer.look();
  now = 9_000;
  expect(observer.status().alerts).toEqual([]);
  now = 10_001;
  expect(observer.status()).toMatchObject({ atMs: null, sockets: { open: 3 }, alerts: [{ rule: "writes-refused", cause: "away" }] });
  observer.stop();
});
