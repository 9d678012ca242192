import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { readEpoch } from "#hub/log/epoch.ts";
import type { SlipJson } from "../../printer-simulator/slips.ts";
import type { Device } from "../device.ts";
import { devicesOf } from "../restaurant.ts";
import type { Stage } from "../stage.ts";
import { checkBills } from "./bills.ts";
import { checkConsumers } from "./consumers.ts";
import { readHistory, type Finding, type History } from "./history.ts";
import { checkTickets } from "./kitchen.ts";
import { checkAsked, checkCommands, checkCountdowns, checkEntries, checkPositions, checkStoredStates } from "./log.ts";
import { checkLedger, checkReceiptNumbers, checkSales } from "./money.ts";
import { checkOrder } from "./order.ts";
import { checkPaper } from "./paper.ts";
import { checkProcessLogs } from "./process-logs.ts";
import { checkCharges, checkProviders } from "./provider.ts";
import { checkChain, checkReadModels } from "./read-models.ts";
import { checkScreen } from "./screens.ts";
import { checkStock } from "./stock.ts";
import { checkStreams } from "./streams.ts";

/** Everything that must hold once a service has come to rest; empty when all of it does. `anew`: this release can read all of the log, and so build its read models once more. */
export async function audit(stage: Stage, { anew = true }: { readonly anew?: boolean } = {}): Promise<readonly Finding[]> {
  const devices = devicesOf(stage.restaurants);
  const { history, epoch, findings } = await atOneMoment(stage.admin, async (tx) => {
    const read = await readHistory(tx);
    const [epoch, own] = [(await readEpoch(tx)) ?? "", await auditDatabase(tx, read, devices, stage.paper)];
    return { history: read, epoch, findings: [...own, ...(anew ? await checkReadModels(tx, read) : []), ...(await checkChain(tx))] };
  });
  const books = (await stage.outside?.books()) ?? [];
  const money = [...checkBills(history, books, devices), ...(stage.outside === undefined ? [] : await checkProviders(stage.admin, history, books))];
  const screens = await Promise.all(devices.map((device) => checkScreen(device, history)));
  return [...findings, ...(await checkStreams(stage.stack.redis.url, epoch, history)), ...money, ...screens.flat(), ...checkProcessLogs(stage.logDir)];
}

/** The part that Postgres alone can answer, and paper. */
export async function auditDatabase(tx: TransactionSql, history: History, devices: readonly Device[], paper: readonly SlipJson[]): Promise<readonly Finding[]> {
  return [
    ...checkPositions(history),
    ...(await checkCommands(tx, history, devices)),
    ...checkEntries(history, devices),
    ...checkAsked(history, devices),
    ...(await checkStoredStates(tx, history)),
    ...(await checkCountdowns(tx, history)),
    ...(await checkConsumers(tx)),
    ...(await checkOrder(tx, history)),
    ...(await checkTickets(tx, history)),
    ...(await checkPaper(tx, history, paper)),
    ...(await checkLedger(tx, history)),
    ...(await checkSales(tx, history)),
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
