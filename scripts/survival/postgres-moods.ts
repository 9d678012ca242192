import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { connect, type Sql } from "#hub/db/client.ts";
import { runPostgres } from "../services/postgres.ts";
import { delay, waitFor } from "../services/server.ts";
import type { Stack } from "../services/stack.ts";
import { copyCluster } from "../testing/prepared-cluster.ts";
import { copyStandby } from "../testing/standby.ts";
import { healthOf } from "./settled.ts";
import type { Stage } from "./stage.ts";

/** One way in which Postgres is bad; `meanwhile` is what goes on while it is. Back to normal when it resolves. */
type PostgresMood<Of extends keyof Stack> = (subject: { readonly stack: Pick<Stack, Of> }, meanwhile: () => Promise<unknown>) => Promise<void>;

const SOON_MS = 30_000;
/** Sessions that are asked for at once. */
const AT_ONCE = 20;
const STANDBY = "second";
/** A hub's append begins so soon where anybody taps and no consumer's is in its way. */
const APPEND_WITHIN_MS = 5_000;
const MOST_MOMENTS = 6;

async function asAdmin<Result>({ stack }: { readonly stack: Pick<Stack, "adminUrl"> }, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const sql = connect(stack.adminUrl, { max: 1, applicationName: "survival-moods" });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The whole of it stands still, its connections open: the postmaster first, so that it starts nobody meanwhile, then each session. */
export const silent: PostgresMood<"postgres"> = async ({ stack }, meanwhile) => {
  const stopped = [stack.postgres.pid];
  process.kill(stack.postgres.pid, "SIGSTOP");
  stopped.push(...childrenOf(stack.postgres.pid));
  for (const pid of stopped) tell(pid, "SIGSTOP");
  try {
    await meanwhile();
  } finally {
    for (const pid of stopped.toReversed()) tell(pid, "SIGCONT");
  }
};

function childrenOf(parent: number): readonly number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number);
    return ppid === parent && pid !== undefined ? [pid] : [];
  });
}

/** A session may have ended by itself. */
function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Every session that Postgres gives is taken by somebody who does nothing with it, also those of the product, which are cut until it has none. */
export const fullPool: PostgresMood<"adminUrl"> = (subject, meanwhile) =>
  asAdmin(subject, async (admin) => {
    await admin`select 1`;
    const { stack } = subject;
    const idle: Sql[] = [];
    const take = async () => {
      const asked = Array.from({ length: AT_ONCE }, () => connect(stack.adminUrl, { max: 1, applicationName: "survival-idle", connectTimeoutMs: 5_000 }));
      const came = await Promise.all(asked.map((sql) => sql`select 1`.then(() => true, () => false)));
      idle.push(...asked);
      return came.every(Boolean);
    };
    const isFull = async () => {
      while (await take());
      const cut = await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'comanda-%'`;
      return cut.length === 0;
    };
    try {
      await waitFor("the pool to be full", SOON_MS, isFull);
      await meanwhile();
    } finally {
      await Promise.all(idle.map((sql) => sql.end({ timeout: 1 })));
    }
  });

/** Each session hears of its setting by a signal, and looks when it is next asked something. */
export async function heldOn(sql: Sql): Promise<void> {
  await waitFor("a session to hear of its setting", SOON_MS, async () => (await sql<{ setting: string }[]>`select current_setting('synchronous_standby_names') as setting`)[0]?.setting !== "");
}

/** Whether a commit waits is the checkpointer's word, which hears of the setting at a moment of its own: one is tried until it does. */
async function aCommitWaits(adminUrl: string, sql: Sql): Promise<void> {
  const trying = connect(adminUrl, { max: 1, applicationName: "comanda-trial" });
  try {
    await waitFor("a commit to wait", SOON_MS, async () => {
      const commit = trying`select pg_logical_emit_message(true, 'trial', '')`.execute();
      const answered = commit.then(() => true, () => true);
      for (;;) {
        const waiting = await sql`select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'comanda-trial' and wait_event = 'SyncRep'`;
        if (waiting.length > 0) return true;
        if (await Promise.race([answered, new Promise<false>((resolve) => setTimeout(() => resolve(false), 5))])) return false;
      }
    });
  } finally {
    await trying.end({ timeout: 1 });
  }
}

/** Commits are on the disk and wait for a standby that nobody is: no answer, and nothing that others see. */
export const commitsHeld: PostgresMood<"adminUrl"> = (subject, meanwhile) =>
  asAdmin(subject, async (sql) => {
    await sql`alter system set synchronous_standby_names = 'nobody'`;
    await sql`select pg_reload_conf()`;
    await heldOn(sql);
    await aCommitWaits(subject.stack.adminUrl, sql);
    try {
      await meanwhile();
    } finally {
      // Postgres may have been killed meanwhile.
      await waitFor("Postgres to be told", SOON_MS, () => sql`alter system reset synchronous_standby_names`.then(() => true, () => false));
      await sql`select pg_reload_conf()`;
    }
  });

/** The server process that a hub's append is in, once it waits there: for a table's lock, or for its commit. */
export async function appendWaiting({ admin }: Pick<Stage, "admin">, whatFor: "Lock" | "SyncRep", withinMs = SOON_MS): Promise<number> {
  let pid: number | undefined;
  await waitFor(`a hub's append to wait for its ${whatFor}`, withinMs, async () => {
    const [row] = await admin<{ pid: number }[]>`
      select pid from pg_stat_activity
      where application_name = 'comanda-log-append' and (wait_event = ${whatFor} or (wait_event_type = ${whatFor} and wait_event = 'relation'))`;
    pid = row?.pid;
    return pid !== undefined;
  });
  return pid as number;
}

/** Commits are held with a hub's append among them. Where consumers' appends came first in every shard, none gets so far, and another moment is tried. */
export async function appendHeld(stage: Pick<Stage, "admin" | "stack">, meanwhile: (pid: number) => Promise<unknown>): Promise<void> {
  let met = false;
  const once = () =>
    commitsHeld(stage, async () => {
      const pid = await appendWaiting(stage, "SyncRep", APPEND_WITHIN_MS);
      met = true;
      await meanwhile(pid);
    });
  for (let left = MOST_MOMENTS; !met; left--) {
    await once().catch((error: unknown) => {
      if (met || left === 1) throw error;
    });
  }
}

/** The primary dies, and a standby that had all of it (LOG-7) takes its place and its address. Its data lie in the folder `postgres` beside the logs. */
export async function promoted(stage: Pick<Stage, "stack" | "logDir">, meanwhile: () => Promise<unknown>): Promise<void> {
  const { stack, logDir } = stage;
  const [first, second] = [join(logDir, "postgres"), join(logDir, "postgres-standby")];
  rmSync(second, { recursive: true, force: true });
  await stack.postgres.kill("SIGINT");
  copyStandby({ from: first, to: second, name: STANDBY, primaryPort: stack.postgres.port });
  await stack.postgres.restart();
  const standby = await runPostgres({ dataDir: second, durable: true, logFile: join(logDir, "postgres-standby.log") });
  try {
    await asAdmin(stage, async (sql) => {
      await sql.unsafe(`alter system set synchronous_standby_names = '${STANDBY}'`);
      await sql`select pg_reload_conf()`;
      await waitFor("the synchronous standby", SOON_MS, async () => (await sql`select from pg_stat_replication where sync_state = 'sync'`).length === 1);
    });
    await waitFor("the hubs to be well", SOON_MS, async () => (await Promise.all(stack.hubs.map(({ url }) => healthOf(stage, url)))).every((health) => health?.status === "ok"));
    await delay(1_000);
    await meanwhile();
    await stack.postgres.kill("SIGKILL");
    const there = connect(standby.url, { max: 1, applicationName: "survival-promotes" });
    await there`select pg_promote(true, 30)`;
    await there.end({ timeout: 1 });
  } finally {
    await standby.stop();
  }
  rmSync(first, { recursive: true, force: true });
  copyCluster(second, first);
  await stack.postgres.restart();
}
