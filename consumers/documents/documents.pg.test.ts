import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ulid } from "ulidx";
import { ledgerConsumer } from "#consumers/ledger/consumer.ts";
import { runnerLog } from "#consumers/runner/log-port.ts";
import { handleOnce, MERCHANT, ORGANIZER, recorded, testId } from "#consumers/testing.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { createEventLog, type EventLog } from "#hub/log/append.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { LedgerReport } from "#shared/events/document.ts";
import { testDatabase, testRedisUrl, type TestDatabase } from "#scripts/testing/services.ts";
import { pdfText } from "./testing/pdf-text.ts";
import { startDocumentWorker } from "./worker.ts";

const by = { staff: "stf_01JD0000000000000000000001", name: "Sofia" };
const eur = (amount: number) => ({ amount: String(amount), currency: "EUR" });
let db: TestDatabase;
let admin: Sql;
let sql: Sql;
let log: EventLog;

beforeAll(async () => {
  db = await testDatabase();
  admin = connect(db.adminUrl, { max: 2 });
  sql = connect(db.consumerUrl, { max: 3 });
  log = await createEventLog({ hubUrl: db.hubUrl, consumerUrl: db.consumerUrl });
  await handleOnce(ledgerConsumer, db.consumerUrl, [recorded("commerce.initialized", MERCHANT, { merchant: MERCHANT, currency: "EUR" })]);
  // 1,200 drawers of the day before, each two entries.
  const before = Array.from({ length: 1200 }, (_, n) => recorded("cash.drawer.opened", testId("drw"), { name: "Till", float: eur(n + 1), by }));
  await handleOnce(ledgerConsumer, db.consumerUrl, before);
});
afterAll(async () => {
  await log.close();
  await Promise.all([sql.end(), admin.end()]);
  await db.drop();
});

async function append(kind: "document" | "house-account", stream: string, event: DomainEvent, at: string): Promise<void> {
  const commandId = ulid();
  const drafted = draftChanges([{ kind, stream, events: [event] }], () => ({ version: 0, state: undefined }), {
    organizer: ORGANIZER, merchant: MERCHANT, now: at, occurredAt: at, businessDate: "2026-11-20", commandId, correlationId: commandId, actor: "system", source: "/hub", newEventId: () => `evt_${ulid()}`,
  });
  const outcome = await log.append({ commandId, hash: "0".repeat(64), organizerId: ORGANIZER, merchantId: MERCHANT, actor: "system", source: "/hub", correlationId: commandId, changes: drafted.map(({ change }) => change), counts: [], answer: "{}" });
  expect(outcome.outcome).toBe("appended");
}

/** As the hub appends it and the ledger comes to it: in the log, and a job. */
async function ask(content: LedgerReport, at: string): Promise<string> {
  const stream = testId("doc");
  const data = { content, format: "pdf" as const, place: { name: "Nove", address: [], currency: "EUR", displayDigits: 2, zone: "Europe/Rome", locale: "en" }, by };
  await append("document", stream, { type: "document.file.requested", data }, at);
  const event = recorded("document.file.requested", stream, data);
  await handleOnce(ledgerConsumer, db.consumerUrl, [{ ...event, envelope: { ...event.envelope, time: at } }]);
  return stream;
}
const worker = () => startDocumentWorker({ sql, redisUrl: testRedisUrl(), log: runnerLog(sql, log), sweepMs: 50 });
async function stateOf(document: string): Promise<string | undefined> {
  const [row] = await admin<{ state: string }[]>`select state from document_jobs where document_id = ${document}`;
  return row?.state;
}
async function told(document: string): Promise<Envelope[]> {
  const rows = await admin<{ envelope: string }[]>`select envelope from events where stream = ${document} order by position`;
  return rows.map(({ envelope }) => JSON.parse(envelope) as Envelope);
}
async function textOf(document: string): Promise<string> {
  const chunks = await admin<{ bytes: Buffer }[]>`select bytes from document_chunks where document_id = ${document} order by chunk`;
  return pdfText(new Uint8Array(Buffer.concat(chunks.map(({ bytes }) => bytes))));
}
const JOURNAL = { kind: "journal", from: "2026-11-20", to: "2026-11-20" } as const;
const LATER = "2026-11-20T20:00:00.000Z";
const eventually = { timeout: 50_000, interval: 50 };

describe("a file that a job makes", () => {
  test("tells how far it is, at most ten times, then that it is there", async () => {
    const document = await ask(JOURNAL, LATER);
    const running = worker();
    await expect.poll(() => stateOf(document), eventually).toBe("ready");
    await running.stop();
    const events = await told(document);
    const percents = events.filter(({ type }) => type === "document.file.progressed").map(({ data }) => (data as { percent: number }).percent);
    expect(percents.length).toBeGreaterThan(2);
    expect(percents.length).toBeLessThanOrEqual(10);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({ type: "document.file.completed", data: { name: "journal-2026-11-20-2026-11-20.pdf", mediaType: "application/pdf", rows: 2400 } });
    expect(await textOf(document)).toContain("7,206.00");
  });

  test("has what was posted before it was asked for, and nothing that came after, whoever makes it and when", async () => {
    const at = "2026-11-20T19:00:00.001Z";
    const document = await ask({ kind: "trial-balance", at: null }, at);
    const later = recorded("cash.drawer.opened", testId("drw"), { name: "Till", float: eur(999_999), by });
    await handleOnce(ledgerConsumer, db.consumerUrl, [{ ...later, envelope: { ...later.envelope, time: at } }]);
    const running = worker();
    await expect.poll(() => stateOf(document), eventually).toBe("ready");
    await running.stop();
    const text = await textOf(document);
    expect(text).toContain("7,206.00");
    expect(text).not.toContain("17,205.99");
    expect(text).toContain("Balanced");
    expect(text).toContain("Posted before 2026-11-20 20:00:00.001 (Europe/Rome)");
  });

  test("that a worker left half made is made by another after its lease, and told once", async () => {
    const document = await ask({ kind: "statement", account: "1010", from: "2026-11-20", to: "2026-11-20" }, LATER);
    await admin`update document_jobs set state = 'making', owner = 'dead', lease_until = now() + interval '1 hour' where document_id = ${document}`;
    const running = worker();
    const other = worker();
    const next = await ask({ kind: "statement", account: "1010", from: "2026-11-01", to: "2026-11-01" }, LATER);
    await expect.poll(() => stateOf(next), eventually).toBe("ready");
    expect(await stateOf(document)).toBe("making");
    await admin`update document_jobs set lease_until = now() - interval '1 second' where document_id = ${document}`;
    await expect.poll(() => stateOf(document), eventually).toBe("ready");
    await Promise.all([running.stop(), other.stop()]);
    expect((await told(document)).filter(({ type }) => type === "document.file.completed")).toHaveLength(1);
    expect(await textOf(document)).toContain("Closing balance");
  });

  test("of one house account says whose it is, and has nothing of another's", async () => {
    const [luna, other] = [testId("hac"), testId("hac")];
    await append("house-account", luna, { type: "payment.house-account.opened", data: { name: "Hotel Luna", limit: null, currency: "EUR", by: null } }, LATER);
    const paid = (account: string, amount: number) => recorded("payment.house-account.paid", account, { name: "x", payment: testId("pay"), method: "card-manual", drawer: null, amount: eur(amount), rounding: eur(0), left: eur(0), slip: "4711", by });
    await handleOnce(ledgerConsumer, db.consumerUrl, [paid(luna, 12_300), paid(other, 77_700)]);
    const document = await ask({ kind: "statement", account: "1150", subject: luna, from: "2026-11-20", to: "2026-11-20" }, new Date(Date.now() + 60_000).toISOString());
    const running = worker();
    await expect.poll(() => stateOf(document), eventually).toBe("ready");
    await running.stop();
    const text = await textOf(document);
    for (const words of ["Of Hotel Luna", "Account paid: Card, slip 4711", "123.00"]) expect(text).toContain(words);
    expect(text).not.toContain("777.00");
  });

  test("that cannot be made is tried again, and told as failed after the fifth time", async () => {
    const document = await ask(JOURNAL, LATER);
    await admin`update document_jobs set content = '{"kind":"journal","from":"never","to":"never"}', attempts = 4 where document_id = ${document}`;
    const running = worker();
    await expect.poll(() => stateOf(document), eventually).toBe("failed");
    await running.stop();
    expect((await told(document)).at(-1)).toMatchObject({ type: "document.file.failed", data: { reason: "internal" } });
  });
});
