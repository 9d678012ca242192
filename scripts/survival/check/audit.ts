import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { readEpoch } from "#hub/log/epoch.ts";
import type { SlipJson } from "../../printer-simulator/slips.ts";
import type { Device } from "../device.ts";
import { devicesOf } from "../restaurant.ts";
import { settled, unfinished, type Watched } from "../settled.ts";
import { checkBilled } from "./billed.ts";
import { checkBills } from "./bills.ts";
import { checkCheckpoints, checkConsumers } from "./consumers.ts";
import { checkDates } from "./dates.ts";
import { checkEnds } from "./ends.ts";
import { checkFigures, readFigures } from "./figures.ts";
import { readHistory, type Finding, type History } from "./history.ts";
import { checkTickets } from "./kitchen.ts";
import { checkAsked, checkCommands, checkCountdowns, checkEntries, checkPositions, checkStoredStates } from "./log.ts";
import { checkMade } from "./made.ts";
import { checkLedger, checkReceiptNumbers, checkSales } from "./money.ts";
import { checkOrder } from "./order.ts";
import { checkPages } from "./pages.ts";
import { checkPaper, kicksAreOnPaper } from "./paper.ts";
import { checkProcessLogs } from "./process-logs.ts";
import { checkCharges, checkProviders } from "./provider.ts";
import { checkChain, checkReadModels } from "./read-models.ts";
import { checkScreen } from "./screens.ts";
import { checkStock } from "./stock.ts";
import { checkStreams } from "./streams.ts";
import { checkTold } from "./told.ts";
import { checkTotals } from "./totals.ts";
import type { Trouble } from "./unseen.ts";

/** How often a service that is at rest may stir by itself while it is looked at: a printer that is asked how it is, a time that runs out. */
const LOOKS = 5;

export type AuditOptions = {
  /** This release can read all of the log, and so build its read models once more; true unless told otherwise. */
  readonly anew?: boolean;
  /** How long it may take to come to rest between two looks; milliseconds. */
  readonly restsWithinMs?: number;
  /** All that was done to the product; without it nobody can say which slips may be without an end. */
  readonly troubles?: readonly Trouble[];
};

/** Everything that must hold once a service has come to rest; empty when all of it does. Nobody taps meanwhile; what the service does by itself is looked at again. */
export async function audit(stage: Watched, { anew = true, restsWithinMs, troubles }: AuditOptions = {}): Promise<readonly Finding[]> {
  const before = new Set<Finding>();
  for (let look = 1; ; look++) {
    const { history, rested, inPostgres, elsewhere } = await lookAt(stage, anew, troubles);
    const since = await appendedSince(stage.admin, history);
    const findings = [...inPostgres, ...elsewhere, ...[...before].filter((finding) => !inPostgres.includes(finding)).map((finding) => `was found at one look and not at the next: ${finding}`)];
    // What Postgres, Redis and the screens have is compared one after the other, so it must be the same log throughout.
    if (rested && since.length === 0) return findings;
    if (look === LOOKS) return since.length === 0 ? findings : [...findings, `the log grew at each of ${LOOKS} looks, at last by ${since.join(", ")}`];
    // One moment of Postgres is compared with itself: when everybody had done their work in it, what was wrong was wrong, whatever came later.
    if (rested) for (const finding of inPostgres) before.add(finding);
    const restless = await settled(stage, restsWithinMs).then(() => [], (error: unknown) => [error instanceof Error ? error.message : String(error)]);
    if (restless.length > 0) return [...findings, ...restless];
  }
}

type Look = {
  readonly history: History;
  /** In the moment that was looked at nobody had anything left to do. */
  readonly rested: boolean;
  /** Of one moment in Postgres, with nothing from outside. */
  readonly inPostgres: readonly Finding[];
  /** Compared with paper, books, Redis and screens as they were a little later. */
  readonly elsewhere: readonly Finding[];
};

async function lookAt(stage: Watched, anew: boolean, troubles: AuditOptions["troubles"]): Promise<Look> {
  const devices = devicesOf(stage.restaurants);
  await kicksAreOnPaper(stage.admin, () => stage.paper);
  const { history, epoch, rested, inPostgres, onPaper } = await atOneMoment(stage.admin, async (tx) => {
    const read = await readHistory(tx);
    const restless = [...(await checkCheckpoints(tx)), ...(await unfinished(tx))];
    return {
      history: read,
      epoch: (await readEpoch(tx)) ?? "",
      rested: restless.length === 0,
      onPaper: await checkPaper(tx, read, stage.paper, { printersDied: stage.printersDied, troubles }),
      inPostgres: [...(await auditLog(tx, read, devices)), ...(anew ? await checkReadModels(tx, read) : []), ...(await checkChain(tx))],
    };
  });
  const books = (await stage.outside?.books()) ?? [];
  const money = [...checkBills(history, books, devices), ...(stage.outside === undefined ? [] : await checkProviders(stage.admin, history, books))];
  const screens = await Promise.all(devices.map((device) => checkScreen(device, history)));
  return { history, rested, inPostgres, elsewhere: [...onPaper, ...(await checkStreams(stage.stack.redis.url, epoch, history)), ...money, ...screens.flat(), ...checkProcessLogs(stage.logDir)] };
}

/** What kinds of events the log has beyond the history. */
async function appendedSince(sql: Sql, { all }: History): Promise<readonly string[]> {
  const heads: Record<number, string> = {};
  for (const { shard, position } of all) heads[shard] = String(position);
  const rows = await sql<{ type: string }[]>`
    select type from events where position > coalesce((${sql.json(heads)}::jsonb ->> shard::text)::bigint, 0) order by recorded_at`;
  return rows.map(({ type }) => type);
}

/** The part that Postgres alone can answer, and paper. */
export async function auditDatabase(tx: TransactionSql, history: History, devices: readonly Device[], paper: readonly SlipJson[]): Promise<readonly Finding[]> {
  return [...(await auditLog(tx, history, devices)), ...(await checkPaper(tx, history, paper))];
}

async function auditLog(tx: TransactionSql, history: History, devices: readonly Device[]): Promise<readonly Finding[]> {
  return [
    ...checkPositions(history),
    ...(await checkCommands(tx, history, devices)),
    ...checkEntries(history, devices),
    ...checkAsked(history, devices),
    ...checkTold(history, devices),
    ...checkEnds(history, devices),
    ...checkDates(history),
    ...checkBilled(history),
    ...checkTotals(history),
    ...checkMade(history),
    ...devices.flatMap((device) => checkPages(device, history)),
    ...(await checkStoredStates(tx, history)),
    ...(await checkCountdowns(tx, history)),
    ...(await checkConsumers(tx)),
    ...(await checkOrder(tx, history)),
    ...(await checkTickets(tx, history)),
    ...(await checkLedger(tx, history)),
    ...(await checkSales(tx, history)),
    ...checkFigures(history, await readFigures(tx)),
    ...checkReceiptNumbers(history),
    ...checkCharges(history),
    ...(await checkStock(tx, history)),
  ];
}

/** Nothing is kept of what was written to look. */
async function atOneMoment<T>(sql: Sql, look: (tx: TransactionSql) => Promise<T>): Promise<T> {
  const looked: { found?: T } = {};
  const undone = new Error("undone");
  await sql
    .begin("isolation level repeatable read", async (tx) => {
      looked.found = await look(tx);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return looked.found as T;
}
