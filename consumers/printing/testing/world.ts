import { ulid } from "ulidx";
import { handleOnce, MERCHANT, ORGANIZER, recorded, testId } from "#consumers/testing.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { appendInTransaction } from "#hub/log/append-in-transaction.ts";
import type { ParsedEvent, StoredEvent } from "#hub/log/types.ts";
import type { Ticket, TicketItem } from "#shared/events/sale-ticket.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { startSimulator, type RunningSimulator } from "#scripts/printer-simulator/simulator.ts";
import type { SimulatedPrinter } from "#scripts/printer-simulator/printer.ts";
import { printingConsumer } from "../consumer.ts";
import type { Timing } from "../transport/printer-connection.ts";
import { startPrintWorker, type PrintWorker } from "../worker.ts";

export const QUICK: Partial<Timing> = { connectMs: 400, answerMs: 150, settleMs: 5, completionMs: 400, troubleMs: 3_000, pollMs: 50, idleMs: 300, reopenMs: 20, halfCloseMs: 200 };

export type TestPrinter = { readonly id: string; readonly station: string; readonly simulated: SimulatedPrinter };

/** A merchant with printers, on a database of its own. Bar, Grill and Till are stations; Till prints receipts. */
export type PrintWorld = {
  readonly db: TestDatabase;
  readonly admin: Sql;
  readonly sql: Sql;
  readonly simulator: RunningSimulator;
  readonly bar: TestPrinter;
  readonly grill: TestPrinter;
  readonly till: TestPrinter;
  /** Everything that the log was told, in order. */
  readonly published: StoredEvent[];
  /** Delivers events to the consumer as the runner does. */
  deliver(...events: ParsedEvent[]): Promise<void>;
  /** Without the bell: the redis address leads nowhere unless one is given. */
  worker(options?: { redisUrl?: string; leaseMs?: number; timing?: Partial<Timing>; sweepMs?: number; idleCheckMs?: number; processName?: string }): PrintWorker;
  jobs(): Promise<JobRow[]>;
  close(): Promise<void>;
};
export type JobRow = { id: string; printer_id: string; kind: string; state: string; cause: string | null; number: number; attempts: number; bytes_sent: number; about: string };

export async function printWorld(): Promise<PrintWorld> {
  const db = await testDatabase();
  const admin = connect(db.adminUrl, { max: 2 });
  const sql = connect(db.consumerUrl, { max: 8 });
  await sql`select log_start_epoch(null, ${ulid()}, 'installation')`;
  const simulator = await startSimulator({ http: 0, printers: ["Bar", "Grill", "Till"].map((name) => ({ name, port: 0 })) });
  const printers = simulator.printers.map((simulated) => ({ id: testId("ptr"), station: testId("sta"), simulated }));
  const [bar, grill, till] = printers as [TestPrinter, TestPrinter, TestPrinter];
  const workers: PrintWorker[] = [];
  const published: StoredEvent[] = [];
  const deliver = async (...events: ParsedEvent[]) => {
    await handleOnce(printingConsumer, db.consumerUrl, events);
  };
  await deliver(
    recorded("commerce.merchant.created", MERCHANT, { name: "Quán Nhỏ", currency: "EUR", displayDigits: 2, zone: "Europe/Berlin", cutOver: "04:00", locale: "en", address: [] }),
    ...printers.map(({ id, station, simulated }) =>
      recorded("commerce.printer.added", MERCHANT, {
        printer: id,
        name: simulated.name,
        host: "127.0.0.1",
        port: simulated.state.port,
        profile: "epson-tm-t20iii",
        stations: [station],
        receipts: simulated.name === "Till",
      }),
    ),
  );

  return {
    db,
    admin,
    sql,
    simulator,
    bar,
    grill,
    till,
    published,
    deliver,
    worker(options = {}) {
      const worker = startPrintWorker({
        sql,
        redisUrl: options.redisUrl ?? "redis://127.0.0.1:1",
        log: { appendInTransaction, publish: (events) => published.push(...events) },
        processName: options.processName ?? `test-${workers.length}`,
        timing: { ...QUICK, ...options.timing },
        leaseMs: options.leaseMs ?? 3_000,
        sweepMs: options.sweepMs ?? 50,
        ...(options.idleCheckMs === undefined ? {} : { idleCheckMs: options.idleCheckMs }),
      });
      workers.push(worker);
      return worker;
    },
    jobs: () => admin<JobRow[]>`select id, printer_id, kind, state, cause, number, attempts, bytes_sent, about from print_jobs order by seq`,
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await simulator.stop();
      await Promise.all([sql.end(), admin.end()]);
      await db.drop();
    },
  };
}

export function item(over: Partial<TicketItem> = {}): TicketItem {
  return { item: testId("itm"), name: "Burger", variant: null, quantity: "1", seat: null, modifiers: [], notes: null, allergy: [], ...over };
}

export function ticket(printer: TestPrinter, over: Partial<Ticket> = {}): Ticket {
  return {
    number: 47,
    stationNumber: 17,
    station: printer.station,
    stationName: printer.simulated.name,
    order: testId("ord"),
    label: "T5",
    serviceType: "dine_in",
    promisedAt: null,
    customer: null,
    server: "Ana",
    course: 1,
    held: false,
    mark: "NEW",
    items: [item()],
    ...over,
  };
}

/** Recorded just now, unless told otherwise. */
export function happened(type: string, subject: string, data: unknown, at = new Date()): ParsedEvent {
  const event = recorded(type, subject, data);
  const envelope = { ...event.envelope, id: `evt_${ulid(at.getTime())}`, time: at.toISOString(), occurredat: at.toISOString() };
  return { ...event, envelope, text: JSON.stringify(envelope) };
}

export function ticketCreated(printer: TestPrinter, over: Partial<Ticket> = {}, at = new Date()): ParsedEvent {
  return happened("sale.kitchen-ticket.created", testId("tkt"), ticket(printer, over), at);
}

export { MERCHANT, ORGANIZER, testId };
