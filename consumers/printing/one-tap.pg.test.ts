import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kitchenConsumer } from "#consumers/kitchen/consumer.ts";
import { runnerLog } from "#consumers/runner/log-port.ts";
import { queueWaker } from "#consumers/runner/queue-waker.ts";
import { startRunner } from "#consumers/runner/runner.ts";
import { FAST } from "#consumers/runner/testing/bench.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { traceIdOf } from "#hub/commands/trace.ts";
import { createEventLog } from "#hub/log/append.ts";
import { frame, makePlace, newId, result, startTestHub, until, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { startSimulator, type RunningSimulator } from "#scripts/printer-simulator/simulator.ts";
import { testRedis } from "#scripts/testing/services.ts";
import { printingConsumer } from "./consumer.ts";
import { QUICK } from "./testing/world.ts";
import { startPrintWorker } from "./worker.ts";

/** Nothing here is about a printer that is late. */
const PATIENT = { ...QUICK, answerMs: 5_000, completionMs: 10_000 };

type Line = { readonly level: number; readonly msg: string; readonly of: string; readonly trace?: string; readonly correlation?: string; readonly command?: string; readonly outcome?: string; readonly ms?: number; readonly group?: string; readonly type?: string; readonly queue?: string; readonly job?: string; readonly traces?: readonly string[] };

let fixture: HubFixture;
let place: TestPlace;
let simulator: RunningSimulator;
let sql: Sql;
const lines: Line[] = [];
/** As both processes write them. */
const logger = (of: string, level: string) => pino({ level, base: { of } }, { write: (line: string) => void lines.push(JSON.parse(line) as Line) });
const ends: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  fixture = await startTestHub({ logger: logger("hub", "info") });
  const { hubUrl, consumerUrl } = fixture.database;
  const [redisUrl, consumers] = [testRedis().url, logger("consumers", "debug")];
  simulator = await startSimulator({ http: 0, printers: [{ name: "Kitchen", port: 0 }] });
  sql = connect(consumerUrl, { max: 12 });
  const log = await createEventLog({ hubUrl, consumerUrl, redisUrl });
  const port = runnerLog(sql, log);
  const waker = queueWaker(redisUrl, consumers);
  const runner = startRunner({ sql, redisUrl, log: port, consumers: [kitchenConsumer, printingConsumer], processName: "test", timings: FAST, logger: consumers, wake: waker.wake });
  // Only the bell and a slow sweep: what is printed soon was woken for.
  const worker = startPrintWorker({ sql, redisUrl, log: port, processName: "test", timing: PATIENT, logger: consumers });
  ends.push(() => fixture.stop(), () => sql.end(), () => simulator.stop(), () => log.close(), () => waker.close(), () => worker.stop(), () => runner.stop());
  await runner.started;
  place = await makePlace(fixture);
  const printer = simulator.printers[0]?.state.port ?? 0;
  result(await place.operator.commerce.addPrinter.mutate(frame({ printer: newId("printer"), name: "Kitchen", host: "127.0.0.1", port: printer, profile: "epson-tm-t20iii" as const, stations: [place.station], receipts: false })));
}, 60_000);
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

test("OBS-6: one tap is followed by its trace through the hub, the screens, the consumers, the bell and the printer, and in what they append", async () => {
  const { api } = await place.login("Mai");
  const [order, item] = [newId("order"), newId("item")];
  const { ticket } = await api.auth.socketTicket.mutate();
  const screen = new WebSocket(`${fixture.url.replace("http", "ws")}/ws`);
  ends.push(() => screen.close());
  const isLive = new Promise<void>((resolve) => screen.addEventListener("message", ({ data }) => String(data).includes('"caughtUp"') && resolve()));
  screen.addEventListener("open", () => screen.send(JSON.stringify({ type: "hello", protocol: 1, ticket })), { once: true });
  await isLive;
  const opening = { serviceType: "takeaway" as const, label: "Tab", channel: "till" as const, customer: null, promisedAt: null };
  result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: place.products.latte }] })));
  const tap = frame({ order, items: [item] });
  result(await api.order.send.mutate(tap));
  const trace = traceIdOf(tap.commandId);
  await until("the slip", () => Promise.resolve(simulator.tray.list("Kitchen").length === 1));
  const types = async () => (await sql<{ type: string }[]>`select type from events where envelope::json ->> 'traceparent' like ${`%-${trace}-%`} order by position`).map(({ type }) => type);
  await until("its report", async () => (await types()).includes("printing.job.printed"));
  // The sweep may have been quicker than the bell, which rings all the same.
  await until("the bell", () => Promise.resolve(lines.some(({ msg, queue }) => msg === "woken" && queue === "printing")));

  expect(await types()).toEqual(["sale.order.sent", "sale.kitchen-ticket.created", "printing.job.queued", "printing.job.printed"]);
  const about = lines.filter((line) => line.trace === trace);
  expect(about.every(({ correlation }) => correlation === undefined || correlation === tap.commandId)).toBe(true);
  // One line in the hub, at the level that is written by default.
  const ofHub = about.filter(({ of }) => of === "hub");
  expect(ofHub).toEqual([expect.objectContaining({ level: 30, msg: "command", command: "order.send", outcome: "answered", correlation: tap.commandId, ms: expect.any(Number) as number })]);
  const ofConsumers = about.filter(({ of }) => of === "consumers");
  expect(ofConsumers.filter(({ msg }) => msg === "applied").map(({ group, type }) => `${group} ${type}`)).toEqual(expect.arrayContaining(["kitchen sale.order.sent", "printing sale.kitchen-ticket.created"]));
  const [job] = simulator.tray.list("Kitchen");
  const [printed] = ofConsumers.filter(({ msg }) => msg === "print job");
  expect(printed).toMatchObject({ level: 30, outcome: "printed", printer: job?.printer });
  expect(ofConsumers.filter(({ msg, queue }) => msg === "woken" && queue === "printing").map((line) => line.job)).toContain(printed?.job);
  // Without any setting every step is in the logs, those of many taps in one line.
  const steps = () => lines.filter(({ level, traces }) => level === 30 && traces?.includes(trace)).map(({ of, msg, group }) => `${of}: ${msg}${group === undefined ? "" : ` ${group}`}`);
  await until("the ticket's frame", () => Promise.resolve(steps().filter((step) => step === "hub: sent to screens").length >= 2));
  expect(new Set(steps())).toEqual(new Set(["hub: sent to screens", "consumers: events applied kitchen", "consumers: events applied printing"]));
  // Other taps have other traces.
  expect(lines.filter(({ command }) => command === "order.addItems").map((line) => line.trace)).not.toContain(trace);
});
