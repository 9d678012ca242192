import { afterAll, beforeAll, expect, test } from "vitest";
import { auditConsumer } from "#consumers/audit/consumer.ts";
import { runnerLog } from "#consumers/runner/log-port.ts";
import { startRunner } from "#consumers/runner/runner.ts";
import { FAST } from "#consumers/runner/testing/bench.ts";
import { connect, type Sql, type TransactionSql } from "#hub/db/client.ts";
import { createEventLog } from "#hub/log/append.ts";
import { withoutNames } from "#hub/log/audit-digest.ts";
import { frame, makePlace, newId, result, startTestHub, until, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { testRedis } from "#scripts/testing/services.ts";
import { shardOf } from "#shared/shards.ts";
import { snapshotsOf, type InSnapshot } from "./in-snapshot.ts";
import { verifyKept } from "./verify-kept.ts";
import { verifyLog } from "./verify-log.ts";
import { verifyStates, type Drift } from "./verify-states.ts";

let fixture: HubFixture;
let admin: Sql;
let place: TestPlace;
let order: string;
let merchant: string;

beforeAll(async () => {
  fixture = await startTestHub();
  admin = connect(fixture.database.adminUrl, { max: 2 });
  place = await makePlace(fixture);
  // The chains of an organizer and a place that share a shard end at places of their own, and what is cut off here is one of them.
  while (shardOf(place.merchant) === shardOf(place.organizer)) place = await makePlace(fixture);
  merchant = place.merchant;
  const { api } = await place.login("Mai");
  order = newId("order");
  const opening = { serviceType: "takeaway" as const, label: "T", channel: "till" as const, customer: 'Mike "Mickey" O\\Neill', promisedAt: null };
  const item = newId("item");
  result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: place.products.latte, notes: '"customer":"nobody"' }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  await chainAll();
});
afterAll(async () => {
  await admin.end();
  await fixture.stop();
});

/** The consumer chains what there is, and stops. */
async function chainAll(): Promise<void> {
  const { hubUrl, consumerUrl } = fixture.database;
  const sql = connect(consumerUrl, { max: 8 });
  const log = await createEventLog({ hubUrl, consumerUrl, redisUrl: testRedis().url });
  const runner = startRunner({ sql, log: runnerLog(sql, log), redisUrl: testRedis().url, consumers: [auditConsumer], processName: "audit", timings: FAST });
  await until("the whole chain", async () => {
    const [row] = await admin<{ left: number }[]>`select (select count(*) from events)::int - (select coalesce(sum(cardinality(positions)), 0) from audit_chain)::int as left`;
    return row?.left === 0;
  });
  await runner.stop();
  await log.close();
  await sql.end();
}

/** What is found when somebody with all rights has done this to the tables. */
async function foundAfter(harm: (tx: TransactionSql) => Promise<unknown>): Promise<readonly string[]> {
  let found: readonly string[] = [];
  const undo = new Error("undone");
  await admin
    .begin(async (tx) => {
      await harm(tx);
      found = (await verifyLog((work) => work(tx))).findings.map(({ position, what }) => `${position} ${what}`);
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return found;
}
const at = async (type: string) => (await admin<{ position: bigint }[]>`select position from events where type = ${type} and owner_id = ${merchant}`)[0]?.position ?? 0n;
const change = (tx: TransactionSql, position: bigint, from: string, to: string) => tx`update events set envelope = replace(envelope, ${from}, ${to}) where shard = ${shardOf(merchant)} and position = ${position}`;

test("a log that nobody touched is as it was written, and each owner has a head", async () => {
  const verified = await verifyLog(snapshotsOf(admin));
  expect(verified.findings).toEqual([]);
  expect(verified.events).toBeGreaterThan(10);
  expect(verified.notYet).toBe(0);
  expect(verified.heads.get(merchant)).toMatch(/^[0-9a-f]{64}$/);
  expect(verified.heads.size).toBe(verified.owners);
});

test("what was changed is named, and nothing else is", async () => {
  const sent = await at("sale.order.sent");
  expect(await foundAfter((tx) => change(tx, sent, '"450"', '"45"'))).toEqual([`${sent} was changed: it is not what was chained`]);
  expect(await foundAfter((tx) => tx`update events set type = 'sale.order.completed' where shard = ${shardOf(merchant)} and position = ${sent}`)).toEqual([
    `${sent} its column type says sale.order.completed, its envelope sale.order.sent`,
  ]);
  expect((await foundAfter((tx) => tx`update events set recorded_at = recorded_at - interval '1 day' where shard = ${shardOf(merchant)} and position = ${sent}`))[0]).toMatch(`${sent} its column recorded_at says `);
  // What cannot be read any more is named, and what comes after it is looked at all the same.
  expect(await foundAfter((tx) => tx`update events set envelope = '{"type":"sale.order.created","customer":"\\q"' where shard = ${shardOf(merchant)} and position = ${sent}`)).toEqual([
    expect.stringMatching(`^${sent} `),
    `${sent} its envelope is no JSON`,
  ]);
  const [link] = await admin<{ first: bigint; at: number }[]>`
    select first_position as first, array_position(positions, ${sent}) as at from audit_chain where shard = ${shardOf(merchant)} and owner_id = ${merchant} and ${sent} = any(positions)`;
  const ofLink = (tx: TransactionSql) => tx`shard = ${shardOf(merchant)} and owner_id = ${merchant} and first_position = ${link?.first ?? 0n}`;
  const follows = `${link?.first} the link that begins with it was changed: it is not what follows from the link before it`;
  expect((await foundAfter((tx) => tx`update audit_chain set hash = sha256('x') where ${ofLink(tx)}`))[0]).toBe(follows);
  const digest = await foundAfter((tx) => tx`update audit_chain set digests = overlay(digests placing sha256('x') from ${((link?.at ?? 1) - 1) * 32 + 1}) where ${ofLink(tx)}`);
  expect(digest).toEqual([`${sent} was changed: it is not what was chained`, follows]);
});

test("what is missing is named: within the log, and at its end", async () => {
  const sent = await at("sale.order.sent");
  expect(await foundAfter((tx) => tx`delete from events where shard = ${shardOf(merchant)} and position = ${sent}`)).toEqual([`${sent} is missing: the chain has a link for it`]);
  const [{ from } = { from: 0n }] = await admin<{ from: bigint }[]>`
    select first_position as from from audit_chain where shard = ${shardOf(merchant)} and owner_id = ${merchant} and ${sent} = any(positions)`;
  const cut = await foundAfter((tx) => tx`with gone as (delete from audit_chain where shard = ${shardOf(merchant)} and first_position >= ${from}) delete from events where shard = ${shardOf(merchant)} and position >= ${from}`);
  expect(cut[0]).toBe(`${from} is missing: the chain's consumer has been there`);
});

test("who cuts off the end, and all in the audit that tells of it, is found by an end that was kept elsewhere", async () => {
  const { heads } = await verifyLog(snapshotsOf(admin));
  const kept = ["12 events of 2 owners are as they were written.", ...[...heads].map(([owner, hash]) => `${owner} ${hash}`)].join("\n");
  expect(await verifyKept(admin, kept)).toEqual({ kept: heads.size, gone: [] });
  const shard = shardOf(merchant);
  const [{ from } = { from: 0n }] = await admin<{ from: bigint }[]>`select max(first_position) as from from audit_chain where shard = ${shard} and owner_id = ${merchant}`;
  const found = await foundAfter(async (tx) => {
    await tx`delete from audit_chain where shard = ${shard} and first_position >= ${from}`;
    await tx`delete from events where shard = ${shard} and position >= ${from}`;
    await tx`update consumer_checkpoints set position = ${from - 1n} where consumer_group = 'audit' and shard = ${shard}`;
    expect(await verifyKept(tx, kept)).toEqual({ kept: heads.size, gone: [merchant] });
  });
  expect(found).toEqual([]);
});

test("what was put in is named, also by who covers a deletion with it", async () => {
  const sent = await at("sale.order.sent");
  const put = (tx: TransactionSql, position: bigint) => tx`
    insert into events select shard, ${position}, id || 'x', organizer_id, merchant_id, owner_id, stream, 900, type, command_id, recorded_at, envelope
    from events where shard = ${shardOf(merchant)} and position = ${sent}`;
  const [head] = await admin<{ position: bigint }[]>`select max(position) as position from events where shard = ${shardOf(merchant)}`;
  const next = (head?.position ?? 0n) + 1n;
  const found = await foundAfter(async (tx) => {
    await put(tx, next);
    await tx`update consumer_checkpoints set position = ${next} where consumer_group = 'audit' and shard = ${shardOf(merchant)}`;
  });
  expect(found).toContain(`${next} was put in: the chain does not know it`);
  // Before the consumer has come to it, it is an event like any other.
  const { notYet } = await admin.begin(async (tx) => {
    await tx`savepoint before`;
    await put(tx, next);
    const verified = await verifyLog((work) => work(tx));
    await tx`rollback to savepoint before`;
    return verified;
  });
  expect(notYet).toBe(1);
});

test("a guest's name that is put out of sight leaves the chain whole; another name in its place does not", async () => {
  const rows = await admin<{ position: bigint; envelope: string; salt: Uint8Array }[]>`
    select position, envelope, salt from events join audit_salts using (stream) where stream = ${order} and envelope ~ '"(customer|notes)":"'`;
  expect(rows.length).toBeGreaterThan(1);
  const erase = async (tx: TransactionSql) => {
    for (const { position, envelope, salt } of rows) await tx`update events set envelope = ${withoutNames(envelope, () => salt)} where shard = ${shardOf(merchant)} and position = ${position}`;
    await tx`delete from audit_salts where stream = ${order}`;
    expect(await tx`select from events where envelope like '%Mickey%'`).toHaveLength(0);
  };
  expect(await foundAfter(erase)).toEqual([]);
  expect(await foundAfter(async (tx) => {
    await erase(tx);
    await tx`update events set envelope = regexp_replace(envelope, '"erased-[^"]{22}"', '"erased-AAAAAAAAAAAAAAAAAAAAAA"') where stream = ${order}`;
  })).toHaveLength(rows.length);
  expect(await foundAfter((tx) => tx`update events set envelope = replace(envelope, 'Mike', 'Mika') where stream = ${order}`)).toHaveLength(rows.filter(({ envelope }) => envelope.includes("Mickey")).length);
});

test("nobody but the consumer writes the chain, and not even it changes a link", async () => {
  for (const url of [fixture.database.hubUrl, fixture.database.consumerUrl]) {
    const role = connect(url, { max: 1 });
    await expect(role`update audit_chain set hash = sha256('x')`).rejects.toThrow("permission denied");
    await expect(role`delete from audit_chain`).rejects.toThrow("permission denied");
    await role.end();
  }
});

test("a stored state that is not what its events fold into is named, with what of it", async () => {
  // As the command does it: with the role that only reads.
  const consumer = connect(fixture.database.consumerUrl, { max: 1 });
  const whole = await verifyStates(snapshotsOf(consumer));
  await consumer.end();
  expect(whole).toMatchObject({ passedOver: 0, drifts: [] });
  expect(whole.states).toBeGreaterThan(8);
  const driftsAfter = async (harm: (tx: TransactionSql) => Promise<unknown>) => {
    let drifts: readonly Drift[] = [];
    const undo = new Error("undone");
    await admin
      .begin(async (tx) => {
        await harm(tx);
        ({ drifts } = await verifyStates((work) => work(tx)));
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    return drifts.map(({ stream, what }) => `${stream} ${what}`);
  };
  const [item] = await admin<{ part: string }[]>`select part from aggregate_parts where stream = ${order}`;
  expect(await driftsAfter((tx) => tx`update aggregates set head = (head::jsonb || '{"completed":true}')::json where stream = ${order}`)).toEqual([`${order} is not what its events fold into: completed`]);
  expect(await driftsAfter((tx) => tx`update aggregate_parts set doc = (doc::jsonb || '{"quantity":"7"}')::json where stream = ${order}`)).toEqual([`${order} is not what its events fold into: ${item?.part}`]);
  expect(await driftsAfter((tx) => tx`delete from aggregate_parts where stream = ${order}`)).toEqual([`${order} is not what its events fold into: ${item?.part}`]);
  expect(await driftsAfter((tx) => tx`update aggregates set active = false where stream = ${order}`)).toEqual([`${order} is stored as not active, and is so by its events`]);
  expect(await driftsAfter((tx) => tx`update aggregates set version = version + 1 where stream = ${order}`)).toEqual([expect.stringMatching(/is stored at version \d+, its log has \d+ events/)]);
  expect(await driftsAfter((tx) => tx`delete from aggregates where stream = ${order}`)).toEqual([`${order} has events, and no state`]);
  expect(await driftsAfter((tx) => tx`delete from events where stream = ${order} and stream_version = 1`)).toEqual([expect.stringMatching(new RegExp(`^${order} cannot be folded from its events: `))]);
  expect(await driftsAfter((tx) => tx`update events set envelope = '{' where stream = ${order} and stream_version = 2`)).toEqual([expect.stringMatching(new RegExp(`^${order} cannot be folded from its events: `))]);
  // Written by another release's fold, or of a kind that only another release knows, it is folded again before it is used.
  expect(await driftsAfter((tx) => tx`update aggregates set kind = 'loyalty' where stream = ${order}`)).toEqual([]);
  expect(await driftsAfter((tx) => tx`update aggregates set evolve_version = 0, head = '{}' where stream = ${order}`)).toEqual([]);
  expect(await driftsAfter((tx) => tx`update aggregates set evolve_version = 9999, head = '{}' where stream = ${order}`)).toEqual([expect.stringMatching(`^${order} is stored by fold 9999 of a newer version`)]);
  // Another place would see it, and its own would not, whatever it says.
  const other = newId("merchant");
  expect(await driftsAfter((tx) => tx`update aggregates set merchant_id = ${other}, owner_id = ${other} where stream = ${order}`)).toEqual([
    `${order} is stored as ${other}'s, and is ${merchant}'s by its events`,
    `${order} has parts that are stored as another's`,
  ]);
  expect(await driftsAfter((tx) => tx`update aggregate_parts set merchant_id = ${other} where stream = ${order}`)).toEqual([`${order} has parts that are stored as another's`]);
});

test("what was put in at the end of a stream is named, also when the chain's consumer takes it for an event like any other and nothing is folded from it", async () => {
  const { api } = await place.login("Sofia");
  result(await api.stock.setCountdown.mutate(frame({ product: place.products.latte, remaining: "5" })));
  const put = (tx: TransactionSql, stream: string) => tx`
    insert into events select shard, (select max(position) + 1 from events where shard = e.shard), id || 'x', organizer_id, merchant_id, owner_id, stream, stream_version + 1, type, command_id, recorded_at, envelope
    from events e where stream = ${stream} order by stream_version desc limit 1`;
  const named = async (stream: string, more: (tx: TransactionSql) => Promise<unknown>) => {
    let drifts: readonly Drift[] = [];
    await admin.begin(async (tx) => {
      await tx`savepoint before`;
      await put(tx, stream);
      await more(tx);
      ({ drifts } = await verifyStates((work) => work(tx)));
      await tx`rollback to savepoint before`;
    });
    return drifts.map((one) => `${one.stream} ${one.what}`);
  };
  const [count] = await admin<{ stream: string }[]>`select stream from aggregates where kind = 'countdown' and owner_id = ${merchant}`;
  const stream = count?.stream ?? "";
  expect(await named(stream, async () => {})).toEqual([`${stream} is stored at version 1, its log has 2 events`]);
  expect(await named(stream, (tx) => tx`delete from aggregates where stream = ${stream}`)).toEqual([`${stream} has events, and no state`]);
  // A state of an earlier fold is passed over, and what was put in behind it is not.
  expect(await named(order, (tx) => tx`update aggregates set evolve_version = 0, head = '{}' where stream = ${order}`)).toEqual([expect.stringMatching(new RegExp(`^${order} is stored at version \\d+, its log has \\d+ events$`))]);
});

test("what is appended and chained while it is looked at is not missing", async () => {
  const { api } = await place.login("Mai");
  let appended = 0;
  // A guest is seated and the chain goes on between the two reads, always: after the events of the place's shard, before their links.
  const whileTheHouseWorks: InSnapshot = (work) =>
    snapshotsOf(admin)((tx) =>
      work(
        new Proxy(tx, {
          apply(query, self, args: Parameters<typeof tx>) {
            const asked = Reflect.apply(query, self, args) as Promise<readonly { owner_id?: string }[]>;
            if (!String(args[0]).includes("from events e where e.shard")) return asked;
            return asked.then(async (rows) => {
              if (appended > 0 || !rows.some(({ owner_id }) => owner_id === merchant)) return rows;
              result(await api.party.seat.mutate(frame({ party: newId("party"), order: newId("order"), tables: [place.tables[0]], covers: 2, whenOccupied: "share" as const })));
              await chainAll();
              appended++;
              return rows;
            });
          },
        }),
      ),
    );
  expect((await verifyLog(whileTheHouseWorks)).findings).toEqual([]);
  expect(appended).toBe(1);
  expect(await verifyLog(snapshotsOf(admin))).toMatchObject({ findings: [], notYet: 0 });
});

test("what the chain's consumer has parked was not put in; what a person had it go on without is named as that", async () => {
  const shard = shardOf(merchant);
  const unlinked = async (tx: TransactionSql) => {
    const [link] = await tx<{ positions: bigint[] }[]>`
      delete from audit_chain where (owner_id, seq) = (select owner_id, seq from audit_chain where owner_id = ${merchant} order by seq desc limit 1) returning positions`;
    return link?.positions ?? [];
  };
  let parked: readonly bigint[] = [];
  expect(await foundAfter(async (tx) => {
    parked = await unlinked(tx);
    await tx`insert into parked_events select 'audit', ${shard}, p, '{}', ${place.organizer}, ${merchant}, now(), false, now() from unnest(${parked.map(String)}::text[]::bigint[]) p`;
    expect((await verifyLog((work) => work(tx))).notYet).toBe(parked.length);
  })).toEqual([]);
  expect(parked.length).toBeGreaterThan(0);
  expect(await foundAfter(async (tx) => {
    await unlinked(tx);
    await tx`
      insert into dead_letters select 'ddl_' || position, 'audit', shard, position, id, type, 'x', organizer_id, merchant_id, envelope, '{}', 'x', 1, now(), now(), now(), true, 'discarded', 'x', now()
      from events where shard = ${shard} and position = any(${parked.map(String)}::text[]::bigint[])`;
  })).toEqual(parked.map((position) => `${position} was let go: a person had the chain go on without it`));
});
