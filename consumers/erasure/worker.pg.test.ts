import { pino } from "pino";
import { expect, test } from "vitest";
import { connect } from "#hub/db/client.ts";
import { testDatabase, testRedisUrl } from "#scripts/testing/services.ts";
import { startErasure } from "./worker.ts";

test("erasures that wait for a consumer keep no other from its end, nor the process from its own", async () => {
  const db = await testDatabase();
  const [admin, sql] = [connect(db.adminUrl, { max: 1 }), connect(db.consumerUrl, { max: 2 })];
  await admin`
    insert into erasures (id, organizer_id, merchant_id, subject, checks, reason, asked_by, asked_at, shard, read_to)
    select 'evt_' || i, 'org_1', 'mer_1', 'ord_' || i, '{}', 'asked', 'Sofia', now(), 0, 1000000 from generate_series(1, 300) i`;
  await admin`
    insert into erasures (id, organizer_id, merchant_id, subject, checks, reason, asked_by, asked_at, shard, read_to, state, written_at)
    values ('evt_other', 'org_2', 'mer_2', 'ord_x', '{}', 'asked', 'Sofia', now(), 1, 1, 'written', now())`;
  const nobody = { appendInTransaction: () => Promise.reject(new Error("nothing is appended")), publish() {} };
  const erasure = startErasure({ sql, redisUrl: testRedisUrl(), log: nobody, groups: ["stopped"], logger: pino({ level: "silent" }), againAfterMs: 20 });

  await expect.poll(() => admin`select from erasures where id = 'evt_other' and state = 'done'`, { timeout: 20_000, interval: 50 }).toHaveLength(1);
  await erasure.stop();
  expect(await admin`select from erasures where state = 'waiting' and waits_for = 'readers'`).not.toHaveLength(0);
  await Promise.all([sql.end(), admin.end()]);
  await db.drop();
});

test("an erasure waits for the consumers of another release that serve beside it", async () => {
  const db = await testDatabase();
  const [admin, sql] = [connect(db.adminUrl, { max: 1 }), connect(db.consumerUrl, { max: 2 })];
  await admin`insert into consumer_processes (owner, name, groups) values ('next-1', 'next', '{loyalty}')`;
  await admin`insert into consumer_checkpoints (consumer_group, shard, position) values ('loyalty', 2, 4)`;
  await admin`
    insert into erasures (id, organizer_id, merchant_id, subject, checks, reason, asked_by, asked_at, shard, read_to)
    values ('evt_1', 'org_1', 'mer_1', 'ord_1', '{}', 'asked', 'Sofia', now(), 2, 5)`;
  const nobody = { appendInTransaction: () => Promise.reject(new Error("nothing is appended")), publish() {} };
  const erasure = startErasure({ sql, redisUrl: testRedisUrl(), log: nobody, groups: [], logger: pino({ level: "silent" }), againAfterMs: 20 });
  const states = async () => (await admin<{ state: string; waitsFor: string | null }[]>`select state, waits_for as "waitsFor" from erasures`)[0];

  await expect.poll(states, { timeout: 20_000, interval: 20 }).toEqual({ state: "waiting", waitsFor: "readers" });
  await admin`update consumer_checkpoints set position = 5 where consumer_group = 'loyalty' and shard = 2`;
  await expect.poll(states, { timeout: 20_000, interval: 20 }).toMatchObject({ state: "done" });
  await erasure.stop();
  await Promise.all([sql.end(), admin.end()]);
  await db.drop();
});
