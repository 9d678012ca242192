import { join } from "node:path";
import { migrate } from "#hub/db/migrate.ts";
import { runPostgres } from "../services/postgres.ts";
import { runRedis } from "../services/redis.ts";
import { copyCluster, preparedIn } from "./prepared-cluster.ts";
import { createRunDirectory, endRun, notePid, sweepDeadRuns } from "./run-directory.ts";
import { SERVICES_VARIABLE, type RunServices } from "./run-services.ts";
import { createTemplate } from "./template-database.ts";

/** One Postgres and one Redis for the run, whichever projects take part in it. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[SERVICES_VARIABLE] !== undefined) return undefined;
  await sweepDeadRuns();
  const dir = createRunDirectory();
  const started = (pid: number) => notePid(dir, pid);
  const dataDir = join(dir, "postgres");
  const [postgres, redis] = await Promise.all([
    runPostgres({ dataDir, durable: false, logFile: join(dir, "postgres.log"), started }),
    // A database number for each test file.
    runRedis({ dir: join(dir, "redis"), durable: false, databases: 2000, logFile: join(dir, "redis.log"), started }),
  ]);
  const stop = async () => {
    delete process.env[SERVICES_VARIABLE];
    await Promise.all([postgres.stop(), redis.stop()]);
    await endRun(dir);
  };
  try {
    await migrate(postgres.url);
    await postgres.stop();
    copyCluster(dataDir, preparedIn(dir));
    await postgres.restart();
    await createTemplate(postgres.url);
  } catch (error) {
    await stop();
    throw error;
  }
  const services: RunServices = { dir, postgresUrl: postgres.url, redisUrl: redis.url };
  process.env[SERVICES_VARIABLE] = JSON.stringify(services);
  return stop;
}
