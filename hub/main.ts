import { pino } from "pino";
import { awaitPostgres } from "#hub/db/await-postgres.ts";
import { lineWriter } from "#hub/log/line-writer.ts";
import { describeSettings, readConfig } from "./config.ts";
import { startHub, VERSION } from "./start-hub.ts";

const STOP_WITHIN_MS = 5_000;
const LINES_WITHIN_MS = 300;

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    process.stdout.write(`${describeSettings()}\n`);
    return;
  }
  const read = readConfig(process.env);
  if ("wrong" in read) return fail(read.wrong.join("\n"));
  const { config } = read;
  // stdout belongs to the ready line. A line for each tap waits for no disk: what is written meanwhile goes along with the next.
  const lines = lineWriter();
  const logger = pino({ level: config.LOG_LEVEL, base: { hub: process.pid, version: VERSION } }, lines);

  const away = await awaitPostgres(config.HUB_DATABASE_URL, { waitMs: config.STARTUP_WAIT_MS, applicationName: "comanda-hub-start", setting: "HUB_DATABASE_URL" });
  if (away !== undefined) return fail(away);
  const started = await startHub(config, logger, lines);
  if ("refused" in started) return fail(started.refused);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    await started.stop().catch((error: unknown) => logger.error({ err: error }, "stopping failed"));
    await lines.drained(LINES_WITHIN_MS);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.stdout.write(`${JSON.stringify({ ready: true, port: started.port })}\n`);
}

function fail(sentences: string): void {
  process.stderr.write(`${sentences}\n`);
  process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`The hub could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
