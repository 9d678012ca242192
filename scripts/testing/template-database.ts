import { existsSync } from "node:fs";
import postgres from "postgres";

export const TEMPLATE = "comanda_template";

export function withDatabase(url: string, database: string, user?: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (user !== undefined) {
    changed.username = user;
    changed.password = "";
  }
  return changed.toString();
}

export async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

/** All migrations once a run; each file then gets a copy of the result. */
export async function createTemplate(serverUrl: string): Promise<void> {
  await asAdmin(serverUrl, `create database ${TEMPLATE}`);
  const runner = new URL("../../hub/db/migrate.ts", import.meta.url);
  if (!existsSync(runner)) return;
  const { migrate } = (await import(runner.href)) as { migrate(adminUrl: string): Promise<unknown> };
  await migrate(withDatabase(serverUrl, TEMPLATE));
}
