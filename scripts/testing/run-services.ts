/** Where the run's own servers are; handed from the run's set-up to the test files. */
export type RunServices = {
  readonly dir: string;
  /** Of the superuser, database `postgres`. */
  readonly postgresUrl: string;
  readonly redisUrl: string;
};

export const SERVICES_VARIABLE = "COMANDA_TEST_SERVICES";

export function runServices(): RunServices {
  const text = process.env[SERVICES_VARIABLE];
  if (text === undefined) {
    throw new Error("No test servers: name the file *.pg.test.ts, so that the run starts Postgres and Redis for it");
  }
  return JSON.parse(text) as RunServices;
}
