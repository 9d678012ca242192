import { pino } from "pino";
import { z } from "zod";
import { ledgerConsumer } from "#consumers/ledger/consumer.ts";
import { runnerLog } from "#consumers/runner/log-port.ts";
import { startRunner } from "#consumers/runner/runner.ts";
import { connect } from "#hub/db/client.ts";
import { createEventLog } from "#hub/log/append.ts";
import { effectConsumer } from "./effect-consumer.ts";

/** The product's runner with one group, which begins at SIGUSR2. `group` is "ledger", or a name for one that writes a row for each event. */
const { databaseUrl, redisUrl, group } = z.object({ databaseUrl: z.string(), redisUrl: z.string(), group: z.string() }).parse(JSON.parse(process.argv[2] ?? "{}"));
const logger = pino({ level: "warn" }, pino.destination(2));
const sql = connect(databaseUrl, { max: 8 });
const log = await createEventLog({ hubUrl: databaseUrl, consumerUrl: databaseUrl, redisUrl });

process.once("SIGUSR2", () => {
  startRunner({ sql, redisUrl, log: runnerLog(sql, log), consumers: [group === "ledger" ? ledgerConsumer : effectConsumer(group)], processName: "bench", logger });
});
process.once("SIGTERM", () => process.exit(0));
console.log(JSON.stringify({ ready: true }));
