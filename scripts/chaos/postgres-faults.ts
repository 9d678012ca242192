import { delay, isRunning } from "../services/server.ts";
import { holdSnapshot, holdTable } from "../survival/kills.ts";
import * as moods from "../survival/postgres-moods.ts";
import type { Stage } from "../survival/stage.ts";
import { killed, type Fault } from "./fault.ts";

/** The last that an append writes: commands stand before their commit. */
const LAST_WRITTEN = "commands";

export const POSTGRES: readonly Fault[] = [
  killed("Postgres", ({ stack }) => stack.postgres),
  // Fast: sessions are ended, what is committed is written. Immediate: none of it.
  killed("Postgres", ({ stack }) => stack.postgres, { signal: "SIGINT", name: "Postgres shut down fast" }),
  killed("Postgres", ({ stack }) => stack.postgres, { signal: "SIGQUIT", name: "Postgres shut down at once" }),
  { name: "Postgres stopped", strike: (stage, own, moment) => moods.silent(stage, () => moment.hold(own.from(1_000, 6_000))) },
  {
    name: "Postgres's connections cut",
    async strike({ admin }, own, moment) {
      for (let times = own.from(1, 5); times > 0; times--) {
        await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'comanda-%'`;
        await moment.hold(own.from(50, 500));
      }
    },
  },
  {
    // Longer than a hub waits.
    name: "a table held",
    async strike({ stack }, own, moment) {
      const held = await holdTable(stack.adminUrl, LAST_WRITTEN);
      await moment.hold(own.from(500, 7_000));
      await held.release();
    },
  },
  { name: "Postgres's pool full", strike: (stage, own, moment) => moods.fullPool(stage, () => moment.hold(own.from(500, 4_000))) },
  { name: "commits slow", strike: (stage, own, moment) => moods.commitsHeld(stage, () => moment.hold(own.from(1_000, 3_000))) },
  {
    // Every statement of the append is done but its last, and all of it is undone.
    name: "Postgres's process killed within an append",
    async strike(stage, _, moment) {
      const held = await holdTable(stage.stack.adminUrl, LAST_WRITTEN);
      const pid = await moods.appendWaiting(stage, "Lock");
      moment.begins();
      process.kill(pid, "SIGKILL");
      await held.release();
    },
  },
  {
    // What it wrote is committed, and nobody was told.
    name: "Postgres's process killed within a COMMIT",
    strike: (stage, _, moment) =>
      moods.appendHeld(stage, async (pid) => {
        moment.begins();
        process.kill(pid, "SIGKILL");
      }),
  },
  {
    // Which of the hubs waits is no matter: the commit comes after all of them are dead.
    name: "hubs killed within a COMMIT",
    async strike(stage, own, moment) {
      await moods.appendHeld(stage, async () => {
        moment.begins();
        await Promise.all(stage.stack.hubs.map((hub) => hub.kill("SIGKILL")));
        await delay(own.from(0, 500));
      });
      await moment.hold(own.from(0, 2_000));
      await Promise.all(stage.stack.hubs.map((hub) => hub.restart()));
    },
  },
  { name: "a synchronous standby promoted", strike: (stage, _, moment) => moods.promoted(stage, async () => moment.begins()) },
];

/** Postgres may end by itself at any moment after its disk was full, and stays away until somebody starts it. */
export const FULL_DISK: readonly Fault[] = [
  diskFull("disk full", async () => {}),
  // The next segment of its own log does not fit: it stops at once.
  diskFull("disk full for Postgres's own log", async ({ admin }) => {
    for (let n = 0; n < 3; n++) await admin.unsafe("select pg_logical_emit_message(true, 'filler', 'x'); select pg_switch_wal()").catch(() => {});
  }),
];

function diskFull(name: string, meanwhile: (stage: Stage) => Promise<void>): Fault {
  return {
    name,
    async strike(stage, own, moment) {
      const { disk, stack } = stage;
      if (disk === undefined) throw new Error("no disk could be mounted: only root may");
      const empty = disk.fill();
      await meanwhile(stage);
      await moment.hold(own.from(2_000, 8_000));
      empty();
      if (!isRunning(stack.postgres.pid)) await stack.postgres.restart();
    },
  };
}

/** The service goes on meanwhile. */
export function leftOpen(name: string, minutes: number, ms: number): Fault {
  return {
    name,
    minutes,
    async strike({ stack }, _, moment) {
      const end = await holdSnapshot(stack.adminUrl);
      await moment.hold(ms);
      await end();
    },
  };
}
