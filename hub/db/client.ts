import type Postgres from "postgres";
import { postgres } from "./driver.ts";
import { addArrayTypes } from "./array-types.ts";

type CustomTypes = { bigint: bigint };
export type Sql = Postgres.Sql<CustomTypes>;
export type TransactionSql = Postgres.TransactionSql<CustomTypes>;

export type ConnectOptions = {
  /** Connections at most. */
  readonly max?: number;
  readonly applicationName?: string;
  /** Milliseconds; 0 switches one off. LOG-8: no application role waits without a bound. */
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** A connection whose answer is due and which says nothing for so long is given up; past the statement's own bound unless given. */
  readonly silenceMs?: number;
  /** Close a connection that was idle for so long; 0 keeps it. */
  readonly idleTimeoutMs?: number;
  /** Dials again after so many milliseconds, given the number of failed attempts. */
  readonly backoffMs?: (attempt: number) => number;
};

const STATEMENT_MS = 15_000;

/** A pool whose int8 columns are bigint and whose numeric columns are decimal strings. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  const backoffMs = options.backoffMs ?? ((attempt) => Math.min(1_000, 50 * 2 ** attempt));
  const sql = postgres(url, {
    fetch_types: false,
    max: options.max ?? 10,
    idle_timeout: seconds(options.idleTimeoutMs ?? 0),
    connect_timeout: seconds(options.connectTimeoutMs ?? 10_000),
    max_lifetime: null,
    backoff: (attempt) => backoffMs(attempt) / 1_000,
    onnotice: () => {},
    types: { bigint: postgres.BigInt },
    connection: {
      application_name: options.applicationName ?? "comanda",
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_MS,
      lock_timeout: options.lockTimeoutMs ?? 5_000,
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 30_000,
    },
  });
  addArrayTypes(sql.options);
  Object.assign(sql.options, { silence: options.silenceMs ?? silenceMs(options.statementTimeoutMs ?? STATEMENT_MS) });
  return sql;
}

export type Tenant = {
  readonly organizerId: string;
  /** Absent: only what belongs to the organizer as a whole can be seen. */
  readonly merchantId?: string;
};

/** Runs `fn` in a transaction that sees one tenant's rows only: the settings end with it, so a pooled connection leaks nothing. */
export async function inTenant<T>(sql: Sql, tenant: Tenant, fn: (tx: TransactionSql) => Promise<T>): Promise<T> {
  const result = await sql.begin(async (tx) => {
    await setTenant(tx, tenant);
    return fn(tx);
  });
  return result as T;
}

/** For a transaction that is open already. */
export async function setTenant(tx: TransactionSql, tenant: Tenant): Promise<void> {
  await tx`select set_config('app.organizer_id', ${tenant.organizerId}, true),
                  set_config('app.merchant_id', ${tenant.merchantId ?? ""}, true)`;
}

/** A statement without a bound may be silent without one. */
function silenceMs(statementMs: number): number {
  return statementMs === 0 ? 0 : statementMs + 5_000;
}

function seconds(ms: number): number {
  return ms / 1_000;
}

/**
 * For a `returning` list: the statement's transaction does not wait for the disk (ADR 0008). For what is worth nothing after a crash, a lease, a heartbeat, a
 * figure: a wait for it would be everybody's who commits at that moment.
 */
export function forgettable(sql: Sql | TransactionSql) {
  return sql`set_config('synchronous_commit', 'off', true)`;
}
