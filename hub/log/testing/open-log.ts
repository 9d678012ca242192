import { connect, type Sql } from "#hub/db/client.ts";
import { testDatabase, testRedisUrl, type TestDatabase } from "#scripts/testing/services.ts";
import { createEventLog, type EventLog, type EventLogOptions } from "../append.ts";

export type LogUnderTest = {
  readonly log: EventLog;
  readonly database: TestDatabase;
  /** Past row-level security: for arranging and inspecting only. */
  readonly admin: Sql;
  /** Another hub on the same database. */
  another(options?: Partial<EventLogOptions>): Promise<EventLog>;
  close(): Promise<void>;
};

/** A log on a database of its own; with `redis: true` it publishes to the file's Redis. */
export async function openLog(options: Partial<EventLogOptions> & { redis?: boolean } = {}): Promise<LogUnderTest> {
  const { redis, ...rest } = options;
  const database = await testDatabase();
  const common = { hubUrl: database.hubUrl, consumerUrl: database.consumerUrl, ...(redis === true ? { redisUrl: testRedisUrl() } : {}), sweepMs: 100, ...rest };
  const log = await createEventLog(common);
  const admin = connect(database.adminUrl, { max: 3, applicationName: "test-admin" });
  const others: EventLog[] = [];
  return {
    log,
    database,
    admin,
    async another(more = {}) {
      const other = await createEventLog({ ...common, ...more });
      others.push(other);
      return other;
    },
    async close() {
      await Promise.all([log, ...others].map((each) => each.close()));
      await admin.end();
      await database.drop();
    },
  };
}
