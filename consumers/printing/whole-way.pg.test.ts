import { pino } from "pino";
import { ulid } from "ulidx";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runnerLog } from "#consumers/runner/log-port.ts";
import { queueWaker } from "#consumers/runner/queue-waker.ts";
import { startRunner } from "#consumers/runner/runner.ts";
import { createEventLog, type EventLog } from "#hub/log/append.ts";
import type { AppendCommand } from "#hub/log/types.ts";
import { testRedisUrl } from "#scripts/testing/services.ts";
import { printingConsumer } from "./consumer.ts";
import { MERCHANT, ORGANIZER, printWorld, QUICK, testId, ticket, type PrintWorld } from "./testing/world.ts";
import { startPrintWorker } from "./worker.ts";

let world: PrintWorld;
let log: EventLog;
const ends: (() => Promise<void>)[] = [];
beforeEach(async () => {
  world = await printWorld();
  log = await createEventLog({ hubUrl: world.db.hubUrl, consumerUrl: world.db.consumerUrl, redisUrl: testRedisUrl() });
});
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  await log.close();
  await world.close();
});

function createTicket(): AppendCommand {
  const stream = testId("tkt");
  const data = ticket(world.bar);
  const event = { id: `evt_${ulid()}`, type: "sale.kitchen-ticket.created", data, dataversion: 1, occurredat: new Date().toISOString(), businessdate: "2026-11-20" };
  return {
    commandId: ulid(),
    hash: "0".repeat(64),
    organizerId: ORGANIZER,
    merchantId: MERCHANT,
    actor: "system",
    source: "/hub",
    correlationId: event.id,
    changes: [{ stream, kind: "ticket", expected: 0, events: [event], state: { head: {}, parts: new Map(), evolveVersion: 1, active: true } }],
    counts: [],
    answer: "{}",
  };
}

async function logged(): Promise<string[]> {
  const rows = await world.admin<{ type: string }[]>`select type from events where type like 'printing.job.%' order by position`;
  return rows.map(({ type }) => type);
}

test("log, stream, runner, bell, paper, and back into the log", async () => {
  const logger = pino({ level: "silent" });
  const redisUrl = testRedisUrl();
  const port = runnerLog(world.sql, log);
  const waker = queueWaker(redisUrl, logger);
  const runner = startRunner({ sql: world.sql, redisUrl, log: port, consumers: [printingConsumer], processName: "test", wake: waker.wake });
  const worker = startPrintWorker({ sql: world.sql, redisUrl, log: port, processName: "test", timing: QUICK });
  ends.push(() => waker.close(), () => runner.stop(), () => worker.stop());
  await runner.started;

  for (let i = 0; i < 3; i++) expect(await log.append(createTicket())).toMatchObject({ outcome: "appended" });
  await expect.poll(() => world.simulator.tray.list("Bar").length, { timeout: 10_000 }).toBe(3);
  await expect.poll(async () => (await logged()).toSorted(), { timeout: 10_000 }).toEqual([
    ...Array<string>(3).fill("printing.job.printed"),
    ...Array<string>(3).fill("printing.job.queued"),
  ]);
  const [state] = await world.admin<{ head: { status: string }; version: bigint }[]>`select head, version from aggregates where kind = 'print-job' limit 1`;
  expect(state).toMatchObject({ head: { status: "printed", printerName: "Bar" }, version: 2n });
});
