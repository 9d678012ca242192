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

/** Of the server's own database, in which all migrations are applied; each file then gets a copy of it. */
export function createTemplate(serverUrl: string): Promise<void> {
  return asAdmin(serverUrl, `create database ${TEMPLATE} template postgres`);
}
