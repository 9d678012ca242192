import { pino } from "pino";
import { awaitPostgres } from "#hub/db/await-postgres.ts";
import { connect } from "#hub/db/client.ts";
import { createEventLog } from "#hub/log/append.ts";
import { tellBehind } from "#hub/log/behind.ts";
import { gaveWay } from "#hub/log/failures.ts";
import { lineWriter } from "#hub/log/line-writer.ts";
import { logQueues } from "#hub/log/queue-seen.ts";
import { readConfig, type ConsumersConfig } from "./config.ts";
import { leaseMsFor } from "./payments/carry-out.ts";
import { httpProvider } from "./payments/http-provider.ts";
import { startPaymentWorker } from "./payments/worker.ts";
import { startDocumentWorker } from "./documents/worker.ts";
import { startPrintWorker } from "./printing/worker.ts";
import { CONSUMERS } from "./registry.ts";
import { startErasure } from "./erasure/worker.ts";
import { startMaintenance } from "./runner/maintenance/worker.ts";
import { runnerLog } from "./runner/log-port.ts";
import { runnerPool } from "./runner/pool.ts";
import { queueWaker } from "./runner/queue-waker.ts";
import { startRunner } from "./runner/runner.ts";
import { runnerStats } from "./runner/stats.ts";
import { startWatchdog } from "./runner/watchdog/watchdog.ts";

const config = readConfig(process.env);
if ("wrong" in config) {
  process.stderr.write(`${config.wrong}\n`);
  process.exit(1);
}
await main(config).catch((error: unknown) => {
  process.stderr.write(`The consumers cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

/** The consumers' process: says that it runs by one line of JSON on stdout, everything else goes to stderr. */
async function main({ databaseUrl, redisUrl, processName, concurrency, logLevel, blockedMs, erasureAgainMs, firstRetryMs, printerCheckMs, startupWaitMs, payments }: ConsumersConfig): Promise<void> {
  // Whoever gives up at once while Postgres comes back is started again ever later.
  const away = await awaitPostgres(databaseUrl, { waitMs: startupWaitMs, applicationName: "comanda-consumers-start", setting: "CONSUMER_DATABASE_URL" });
  if (away !== undefined) throw new Error(away);
  const lines = lineWriter();
  const logger = pino({ level: logLevel, base: { process: "consumers" } }, lines);
  const sql = runnerPool(databaseUrl, CONSUMERS.length * concurrency + 4);
  const log = await createEventLog({
    hubUrl: databaseUrl,
    consumerUrl: databaseUrl,
    redisUrl,
    onError: (error, where) => logger[gaveWay(error) ? "warn" : "error"]({ err: error, where }, "log"),
    onBehind: tellBehind(logger),
  });
  const waker = queueWaker(redisUrl, logger);
  const port = runnerLog(sql, log);
  // A pool of its own: printers that hold their lanes never take a connection from the runner.
  const printSql = connect(databaseUrl, { max: 6, applicationName: "comanda-printing" });
  const printWorker = startPrintWorker({ sql: printSql, redisUrl, log: port, processName, logger, idleCheckMs: printerCheckMs });
  const documentSql = connect(databaseUrl, { max: 3, applicationName: "comanda-documents" });
  const documentWorker = startDocumentWorker({ sql: documentSql, redisUrl, log: port, logger });
  const paymentSql = connect(databaseUrl, { max: 6, applicationName: "comanda-payments" });
  const { timeoutMs, backOffMs, expireMs } = payments;
  const paymentWorker = startPaymentWorker({
    sql: paymentSql,
    redisUrl,
    log: port,
    processName,
    logger,
    providers: new Map(payments.providers.map(({ name, url, apiKey }) => [name, httpProvider({ url, apiKey, timeoutMs })])),
    timing: { baseMs: backOffMs, leaseMs: leaseMsFor(timeoutMs), ...(expireMs === undefined ? {} : { expireAfterMs: expireMs }) },
  });
  // A rebuild's long steps hold connections of their own.
  const maintenanceSql = connect(databaseUrl, { max: 2, applicationName: "comanda-maintenance", statementTimeoutMs: 60_000 });
  const maintenance = startMaintenance({ sql: maintenanceSql, log: port, consumers: CONSUMERS, processName, logger });
  const erasure = startErasure({ sql: maintenanceSql, redisUrl, log: port, groups: CONSUMERS.map(({ group }) => group), logger, againAfterMs: erasureAgainMs });
  const stats = runnerStats(maintenanceSql, `${processName}-${process.pid}-${Date.now().toString(36)}`, logger);
  const watchdog = startWatchdog({ databaseUrl, processName, logLevel, endAfterMs: blockedMs, logger });
  const runner = startRunner({
    sql,
    redisUrl,
    log: port,
    consumers: CONSUMERS,
    processName,
    concurrency,
    firstRetryMs,
    logger,
    observe: stats,
    watch: watchdog.watch,
    wake: waker.wake,
  });

  stats.watch(() => [...runner.queues(), waker.queue(), ...logQueues(log), lines.queue()]);

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, "stopping");
    // Whatever hangs now is rolled back by Postgres when the process is gone.
    setTimeout(() => process.exit(0), 5_000).unref();
    await Promise.allSettled([runner.stop(), printWorker.stop(), documentWorker.stop(), paymentWorker.stop(), maintenance.stop(), erasure.stop()]);
    await stats.stop();
    await watchdog.stop();
    const pools = [sql, printSql, documentSql, paymentSql, maintenanceSql];
    await Promise.allSettled([waker.close(), log.close(), ...pools.map((pool) => pool.end({ timeout: 1 }))]);
    await lines.drained(300);
    process.exit(0);
  };
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));

  await runner.started;
  process.stdout.write(`${JSON.stringify({ ready: true, consumers: CONSUMERS.map(({ group }) => group) })}\n`);
  logger.info({ consumers: CONSUMERS.map(({ group }) => group) }, "running");
}
