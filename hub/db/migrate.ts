import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { connect, type Sql, type TransactionSql } from "./client.ts";
import { ensureRoles, type RolePasswords } from "./roles.ts";

const MIGRATIONS = new URL("./migrations/", import.meta.url);
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
/**
 * Whoever waits for a table's lock holds up all that come after: a migration waits no longer, lets them by, and tries again. So it does when it is the
 * one that gives way to a command that holds one table and wants the other.
 */
const IN_THE_WAY = new Set(["55P03", "40P01"]);
const TABLE_LOCK_MS = 2_000;
const PATIENCE_MS = 120_000;
/** "comanda" on a phone's keys. */
const LOCK_KEY = 2666632;

type Migration = { readonly id: number; readonly name: string; readonly sql: string; readonly checksum: string };

export type MigrateOptions = {
  /** Passwords of the login roles (see `rolePasswords`); without them existing passwords are left alone. */
  readonly passwords?: RolePasswords;
  /** Another folder of migrations; for tests. */
  readonly folder?: URL;
};

/**
 * Brings the database of `adminUrl` up to the newest migration and makes the cluster's roles. Starters may race: each
 * migration is one transaction that looks again under a lock. Migrations run as comanda_owner.
 */
export async function migrate(adminUrl: string, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.folder ?? MIGRATIONS);
  const sql = connect(adminUrl, {
    max: 1,
    applicationName: "comanda-migrate",
    statementTimeoutMs: 0,
    lockTimeoutMs: 60_000,
  });
  try {
    await ensureRoles(sql, options.passwords);
    await prepareDatabase(sql);
    const applied: string[] = [];
    for (const migration of migrations) {
      if (await patiently(() => apply(sql, migration))) applied.push(migration.name);
    }
    await sql`select log_keep_partitions()`;
    return { applied };
  } finally {
    await sql.end();
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const migrations = await Promise.all(
    names.map(async (name) => {
      const id = FILE_NAME.exec(name)?.[1];
      if (id === undefined) throw new Error(`hub/db/migrations/${name} is not named NNNN_name.sql`);
      const sql = await readFile(new URL(name, folder), "utf8");
      return { id: Number(id), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
  for (const [i, migration] of migrations.entries()) {
    if (migrations[i + 1]?.id === migration.id) throw new Error(`two migrations have the number of ${migration.name}`);
  }
  return migrations;
}

async function prepareDatabase(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await lock(tx);
    await tx.unsafe(`
      create table if not exists comanda_migrations (
        id integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      );
      grant usage, create on schema public to comanda_owner, comanda_log;
      grant usage on schema public to comanda_hub, comanda_consumer;
      revoke create on schema public from public;
      create schema if not exists rebuild;
      grant usage, create on schema rebuild to comanda_owner;
      grant usage on schema rebuild to comanda_consumer;
    `);
  });
}

/** A hub that serves meanwhile may hold a table for the length of a transaction. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const deadline = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await work();
    } catch (error) {
      if (!IN_THE_WAY.has((error as { code?: string }).code ?? "") || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

async function apply(sql: Sql, migration: Migration): Promise<boolean> {
  const fresh = await sql.begin(async (tx) => {
    await lock(tx);
    const [row] = await tx<{ checksum: string }[]>`select checksum from comanda_migrations where id = ${migration.id}`;
    if (row !== undefined) {
      if (row.checksum === migration.checksum) return false;
      throw new Error(`${migration.name} was changed after it had been applied to this database: write a new migration`);
    }
    await tx`insert into comanda_migrations (id, name, checksum) values (${migration.id}, ${migration.name}, ${migration.checksum})`;
    await tx`select set_config('lock_timeout', ${String(TABLE_LOCK_MS)}, true)`;
    await tx`set local role comanda_owner`;
    await tx.unsafe(migration.sql);
    return true;
  });
  return fresh;
}

async function lock(tx: TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(${LOCK_KEY})`;
}
