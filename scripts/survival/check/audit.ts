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
import { checkPaper } from "./paper.ts";
import { checkProcessLogs } from "./process-logs.ts";
import { checkCharges, checkProviders } from "./provider.ts";
import { checkScreen } from "./screens.ts";
import { checkStock } from "./stock.ts";
import { checkStreams } from "./streams.ts";

/** Everything that must hold once a service has come to rest; empty when all of it does. */
export async function audit(stage: Stage): Promise<readonly Finding[]> {
  const devices = devicesOf(stage.restaurants);
  const { history, epoch, findings } = await atOneMoment(stage.admin, async (tx) => {
    const read = await readHistory(tx);
    return { history: read, epoch: (await readEpoch(tx)) ?? "", findings: await auditDatabase(tx, read, devices, stage.paper) };
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
    ...(await checkTickets(tx, history)),
    ...(await checkPaper(tx, history, paper)),
    ...(await checkLedger(tx, history)),
    ...(await checkSales(tx, history)),
    ...checkReceiptNumbers(history),
    ...checkCharges(history),
    ...(await checkStock(tx, history)),
  ];
}

async function atOneMoment<T>(sql: Sql, look: (tx: TransactionSql) => Promise<T>): Promise<T> {
  return (await sql.begin("isolation level repeatable read read only", look)) as T;
}
