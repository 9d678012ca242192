import { connect } from "./client.ts";

const ASK_EVERY_MS = 300;

export type AwaitOptions = {
  readonly waitMs: number;
  readonly applicationName: string;
  /** The setting that holds the address. */
  readonly setting: string;
};

/** Undefined as soon as it answers and is migrated; else one sentence, after the wait. */
export async function awaitPostgres(url: string, { waitMs, applicationName, setting }: AwaitOptions): Promise<string | undefined> {
  const { host, pathname } = new URL(url);
  const deadline = Date.now() + waitMs;
  let last = "";
  do {
    const sql = connect(url, { max: 1, connectTimeoutMs: 2_000, applicationName });
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
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  } while (Date.now() < deadline);
  return `Postgres at ${host} does not answer (${last}): start it, or correct ${setting}.`;
}
