import type { Logger } from "pino";
import { forgettable, type Sql } from "#hub/db/client.ts";
import type { PrinterKey, PrinterRow } from "./job-store.ts";
import type { PrinterLane } from "./printer-lane.ts";

type IdleCheckOptions = {
  readonly sql: Sql;
  /** Of the lanes' leases. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly everyMs: number;
  laneOf(key: PrinterKey): PrinterLane;
  readonly logger: Logger;
};

/** A dead printer takes seconds to be found dead; the others are not to wait for each in turn. */
const AT_ONCE = 32;

/** Has each printer asked every `everyMs`, a tenth more or less, by one of all workers: one that is switched off is noticed before its next slip (PRN-27). */
export function startIdleChecks(options: IdleCheckOptions): { stop(): void } {
  const { everyMs, laneOf, logger } = options;
  let underWay = 0;
  let looking = false;
  const check = async (key: PrinterKey) => {
    underWay++;
    try {
      await laneOf(key).check(() => takeIdle(options, key));
    } finally {
      underWay--;
    }
  };
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      for (const key of await duePrinters(options, AT_ONCE - underWay)) void check(key);
    } catch (error) {
      logger.warn({ err: error }, "idle printers are not asked: Postgres cannot be reached");
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs / 10);
  return { stop: () => clearInterval(timer) };
}

/** Nothing is printed or waits on it, and neither it nor its device under another place's name is somebody else's. */
function isIdle({ sql, owner }: IdleCheckOptions) {
  return sql`
    p.next_check_at <= now() and (p.lease_owner = ${owner} or p.lease_until is null or p.lease_until < now())
      and not exists (select from print_jobs j where j.merchant_id = p.merchant_id and j.printer_id = p.printer_id and j.state = 'queued')
      and not exists (select from print_jobs j where j.merchant_id = p.merchant_id and j.printer_id = p.printer_id and j.state = 'sending')
      and not exists (select from print_printers other where other.host = p.host and other.port = p.port and other.lease_until >= now()
        and (other.merchant_id, other.printer_id) <> (p.merchant_id, p.printer_id))`;
}

/** Longest ago first; a device of several places for one of them at a time. */
function duePrinters(options: IdleCheckOptions, limit: number): Promise<PrinterKey[]> {
  return options.sql<PrinterKey[]>`
    select merchant_id, printer_id
    from (select distinct on (host, port) merchant_id, printer_id, next_check_at from print_printers p where ${isIdle(options)} order by host, port, next_check_at) due
    order by next_check_at limit ${limit}`;
}

/** Its lease, for the check; undefined when somebody was faster. */
async function takeIdle(options: IdleCheckOptions, key: PrinterKey): Promise<PrinterRow | undefined> {
  const { sql, owner, leaseMs, everyMs } = options;
  const [printer] = await sql<PrinterRow[]>`
    update print_printers p set lease_owner = ${owner}, lease_until = now() + ${`${leaseMs} milliseconds`}::interval,
      next_check_at = now() + (0.9 + 0.2 * random()) * ${`${everyMs} milliseconds`}::interval
    where p.merchant_id = ${key.merchant_id} and p.printer_id = ${key.printer_id} and ${isIdle(options)}
    returning merchant_id, printer_id, name, host, port, profile, cause, ${forgettable(sql)}`;
  return printer;
}
