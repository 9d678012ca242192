import { pino } from "pino";
import { connect } from "#hub/db/client.ts";
import { describeSettings, readConfig, type Config } from "./config.ts";
import { startHub, VERSION } from "./start-hub.ts";

const STOP_WITHIN_MS = 5_000;

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    process.stdout.write(`${describeSettings()}\n`);
    return;
  }
  const read = readConfig(process.env);
  if ("wrong" in read) return fail(read.wrong.join("\n"));
  const { config } = read;
  // stdout belongs to the ready line.
  const logger = pino({ level: config.LOG_LEVEL, base: { hub: process.pid, version: VERSION } }, pino.destination({ dest: 2, sync: true }));

  const away = await waitForPostgres(config);
  if (away !== undefined) return fail(away);
  const started = await startHub(config, logger);
  if ("refused" in started) return fail(started.refused);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    await started.stop().catch((error: unknown) => logger.error({ err: error }, "stopping failed"));
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.stdout.write(`${JSON.stringify({ ready: true, port: started.port })}\n`);
}

/** Undefined when it answers and is migrated; else one sentence, after the configured wait. */
async function waitForPostgres(config: Config): Promise<string | undefined> {
  const { host, pathname } = new URL(config.HUB_DATABASE_URL);
  const deadline = Date.now() + config.STARTUP_WAIT_MS;
  let last = "";
  do {
    const sql = connect(config.HUB_DATABASE_URL, { max: 1, connectTimeoutMs: 2_000, applicationName: "comanda-hub-start" });
    try {
      await sql`select epoch from log_meta`;
      return undefined;
    } catch (error) {
      last = error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
      // The schema does not come by waiting.
      if ((error as { code?: string }).code === "42P01") return `The database ${pathname.slice(1)} at ${host} is not migrated: run "npm start", or scripts/migrate with an administrator's address.`;
    } finally {
      await sql.end({ timeout: 0 });
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  } while (Date.now() < deadline);
  return `Postgres at ${host} does not answer (${last}): start it, or correct HUB_DATABASE_URL.`;
}

function fail(sentences: string): void {
  process.stderr.write(`${sentences}\n`);
  process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`The hub could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
