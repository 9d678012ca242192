import { delay, type RunningProcess } from "../services/server.ts";
import { buildClients } from "./build.ts";
import { endLeftovers, forget, openDataFolder, takeLock, type DataFolder } from "./data-folder.ts";
import { seedDemo } from "./demo.ts";
import { demoPayments } from "./demo-payments.ts";
import { demoPorts } from "./demo-printers.ts";
import { checkFonts } from "./fonts.ts";
import { requirePort } from "./port.ts";
import { findPostgres, migrateDatabase, type DatabaseUrls, type PostgresFound } from "./postgres-step.ts";
import { runProcesses, type Environment } from "./processes.ts";
import { findRedis, type RedisFound } from "./redis-step.ts";
import { cannotStart, explain, say, seconds, step } from "./report.ts";
import { readSettings, type StartSettings } from "./settings.ts";
import { supervise } from "./supervise.ts";
import { welcome } from "./welcome.ts";

const began = performance.now();
let stopping = false;
let folder: DataFolder | undefined;
let unlock = () => {};

/** Ends what this start has started, and nothing else. */
async function stop(exitCode: number, why?: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (why !== undefined) say(why);
  await folder?.stopStarted();
  unlock();
  process.exit(exitCode);
}

async function start(settings: StartSettings): Promise<void> {
  unlock = await takeLock(settings.data, settings.port);
  const ended = await endLeftovers(settings.data);
  if (ended.length > 0) say(`An earlier start was killed; what it left running is stopped: ${ended.join(", ")}.`);
  await requirePort(settings.port);
  if (settings.fresh) {
    forget(settings.data);
    say(`The data in ${settings.data} is forgotten.`);
  }
  const data = openDataFolder(settings.data);
  folder = data;

  const redis = await servedByRedis(settings, data);
  const [{ postgres, urls }] = await Promise.all([servedByPostgres(settings, data), apps(data)]);
  const demo = await demoPorts(settings.data);
  const env: Environment = {
    PORT: String(settings.port),
    DATABASE_URL: urls.adminUrl,
    HUB_DATABASE_URL: urls.hubUrl,
    CONSUMER_DATABASE_URL: urls.consumerUrl,
    REDIS_URL: redis.url,
    COMANDA_SECRET: data.secret,
    COMANDA_DEMO: "1",
    ...demoPayments(data.secret, settings.port, demo.payments),
    PRINTER_SIMULATOR_URL: `http://127.0.0.1:${demo.http}`,
    PAYMENT_SIMULATOR_URL: `http://127.0.0.1:${demo.payments}`,
  };
  const processes = await step("Hub", () => runProcesses(data, env, demo), () => "hub, consumers, printers and payment providers run");
  const hubUrl = `http://127.0.0.1:${settings.port}`;
  const epoch = await waitForHealth(hubUrl);
  const seeded = await step("Demo", () => seedDemo(data, env, hubUrl, epoch, demo), ({ says }) => says);
  say(`Ready in ${seconds(performance.now() - began)}.`);
  say(welcome(settings, demo, seeded));

  const watched: [string, RunningProcess | undefined][] = [
    ["redis", redis.ours],
    ["postgres", postgres.ours],
    ...Object.entries(processes),
  ];
  for (const [name, running] of watched) {
    if (running !== undefined) void supervise(name, running, () => stopping);
  }
}

/** One after the other: both may install a package, which apt-get does one at a time. */
async function servedByRedis(settings: StartSettings, data: DataFolder): Promise<RedisFound> {
  await step("Fonts", checkFonts, (found) => found);
  return step("Redis", () => findRedis(settings.redisUrl, data), ({ says }) => says);
}

async function servedByPostgres(settings: StartSettings, data: DataFolder): Promise<{ postgres: PostgresFound; urls: DatabaseUrls }> {
  const postgres = await step("Postgres", () => findPostgres(settings.databaseUrl, data), ({ says }) => says);
  const urls = await step("Schema", () => migrateDatabase(postgres.adminUrl, data), ({ applied }) =>
    applied === 0 ? "up to date" : `${applied} migrations applied`,
  );
  return { postgres, urls };
}

function apps(data: DataFolder): Promise<string[]> {
  return step("Apps", () => buildClients((pid) => data.noteStarted("build", pid)), (built) =>
    built.length === 0 ? "built already" : `${built.join(" and ")} built`,
  );
}

/** Answers the epoch of the log that the hub serves. */
async function waitForHealth(hubUrl: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  let last = "";
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`${hubUrl}/healthz`);
      last = await answer.text();
      if (answer.ok) return (JSON.parse(last) as { epoch: string }).epoch;
    } catch (error) {
      last = String(error);
    }
    await delay(50);
  }
  throw cannotStart(`The hub does not become healthy: ${last}`);
}

const read = readSettings(process.argv.slice(2), process.env);
if ("help" in read) {
  say(read.help);
} else if ("refused" in read) {
  console.error(read.refused);
  process.exitCode = 1;
} else {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void stop(0, "Stopping ..."));
  }
  start(read.settings).catch((error: unknown) => {
    if (!stopping) console.error(explain(error));
    void stop(1);
  });
}
