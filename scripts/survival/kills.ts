import type { Redis } from "ioredis";
import { streamKey } from "#hub/log/keys.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import type { PrinterAddress } from "../seed/seed-place.ts";
import { waitFor, type RunningProcess } from "../services/server.ts";
import type { Stack } from "../services/stack.ts";

export type HeldTable = {
  release(): Promise<void>;
  /** Until a transaction of the process whose connections bear the name stands before the table. */
  waitsFor(applicationName: string): Promise<void>;
};

/** Holds a table, so that the next transaction that writes to it stands still in its middle. */
export async function holdTable(adminUrl: string, table: string): Promise<HeldTable> {
  const holder = connect(adminUrl, { max: 1, applicationName: "survival-holds", lockTimeoutMs: 30_000, statementTimeoutMs: 60_000, idleInTransactionTimeoutMs: 0 });
  const watcher = connect(adminUrl, { max: 1, applicationName: "survival-watches" });
  await holder`begin`;
  await holder.unsafe(`lock table ${table} in exclusive mode`);
  return {
    async release() {
      // Postgres may have been killed meanwhile, and the lock with it.
      await holder`rollback`.catch(() => {});
      await Promise.all([holder.end({ timeout: 1 }), watcher.end({ timeout: 1 })]);
    },
    waitsFor: (applicationName) =>
      waitFor(`a transaction of ${applicationName} waiting for ${table}`, 30_000, async () => {
        const rows = await watcher`
          select from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and l.relation = ${table}::regclass and a.application_name = ${applicationName}`;
        return rows.length > 0;
      }),
  };
}

/** A transaction that somebody left open: nothing that was deleted or rewritten since can be cleared away. Answers how to end it. */
export async function holdSnapshot(adminUrl: string): Promise<() => Promise<void>> {
  const holder = connect(adminUrl, { max: 1, applicationName: "survival-left-open", idleInTransactionTimeoutMs: 0 });
  await holder`begin isolation level repeatable read`;
  await holder`select count(*) from events`;
  return async () => {
    await holder`rollback`;
    await holder.end();
  };
}

/** Where the command is in the log; undefined until it is committed. */
export async function placeOf(admin: Sql, commandId: string): Promise<{ readonly shard: number; readonly to: bigint } | undefined> {
  const [row] = await admin<{ shard: number; to: bigint }[]>`select shard, to_position as "to" from commands where command_id = ${commandId}`;
  return row;
}

export async function isPublished(redis: Redis, epoch: string, { shard, to }: { readonly shard: number; readonly to: bigint }): Promise<boolean> {
  return (await redis.xrange(streamKey(shard, epoch), `${to}-0`, `${to}-0`)).length > 0;
}

/** By the name that the stack gave it: `hub`, `consumers-2`. */
export function processNamed({ hubs, consumerProcesses }: Pick<Stack, "hubs" | "consumerProcesses">, name: string): RunningProcess & { readonly port?: number } {
  const [kind, nth] = name.split("-");
  const all: readonly RunningProcess[] = kind === "hub" ? hubs : consumerProcesses;
  const found = all[nth === undefined ? 0 : Number(nth) - 1];
  if (found === undefined) throw new Error(`no process ${name}`);
  return found;
}

/** The process of consumers whose printing worker has the lease of a printer: nobody else talks to it. Waits until somebody has it. */
export async function whoPrintsAt(admin: Sql, { port }: Pick<PrinterAddress, "port">): Promise<string> {
  let owner: string | undefined;
  await waitFor(`somebody to have the printer at ${port}`, 30_000, async () => {
    const [row] = await admin<{ owner: string }[]>`select lease_owner as owner from print_printers where port = ${port} and lease_until > clock_timestamp()`;
    owner = row?.owner;
    return owner !== undefined;
  });
  // `<process>-<ulid>`
  return (owner as string).slice(0, -27);
}
