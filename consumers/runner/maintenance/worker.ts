import type { Logger } from "pino";
import type { Sql } from "#hub/db/client.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import { failureKind, reasonOf } from "../failures.ts";
import { loop } from "../loop.ts";
import { ownerName } from "../owner.ts";
import type { RunnerLog } from "../ports.ts";
import type { ConsumerDefinition } from "../types.ts";
import { claim, end, hold, letGo, type Claimant, type Run } from "./book.ts";
import { isComparable } from "../types.ts";
import { rebuild } from "./rebuild.ts";
import { replay } from "./replay.ts";
import { tell } from "./told.ts";

const CLAIM_MS = 15_000;
/** Of a claim: a step may take longer than all of it. */
const RENEWED_AFTER = 1 / 3;

export type MaintenanceOptions = {
  /** The consumers' role; two connections are enough. */
  readonly sql: Sql;
  readonly log: RunnerLog;
  readonly consumers: readonly ConsumerDefinition[];
  readonly processName: string;
  readonly logger: Logger;
  readonly lookEveryMs?: number;
  readonly claimMs?: number;
};

export type MaintenanceDeps = Pick<MaintenanceOptions, "sql" | "log" | "logger"> & { readonly owner: Claimant; stopping(): boolean };

/** RUN-5: carries out what operators asked for, one at a time in a process; what a process leaves behind the next one goes on with. */
export function startMaintenance(options: MaintenanceOptions): { stop(): Promise<void> } {
  const { sql, log, consumers, logger } = options;
  const owner: Claimant = { name: ownerName(options.processName), claimMs: options.claimMs ?? CLAIM_MS };
  let stopping = false;
  const deps: MaintenanceDeps = { sql, log, logger, owner, stopping: () => stopping };

  async function look(): Promise<void> {
    const run = await claim(sql, consumers.map(({ group }) => group), owner);
    if (run === undefined) return;
    logger.info({ run: run.id, group: run.group, kind: run.kind, by: run.by }, "maintenance began");
    // Over another connection than the step's. What it fails for, the step finds at its own end.
    const renewing = setInterval(() => void hold(sql, run, owner).catch(() => {}), owner.claimMs * RENEWED_AFTER);
    try {
      const events = await carryOut(run);
      if (events !== undefined) logger.info({ run: run.id, group: run.group, kind: run.kind, events: events.toString() }, "maintenance completed");
    } catch (error) {
      const kind = failureKind(error);
      if (kind === "event") return await giveUp(run, reasonOf(error));
      // Nobody's fault: it goes on at the next look, or when the claim has run out if Postgres is away.
      if (kind === "again") await letGo(sql, owner).catch(() => {});
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  async function carryOut(run: Run): Promise<bigint | undefined> {
    const consumer = consumers.find(({ group }) => group === run.group);
    if (consumer === undefined) throw new Error(`${run.group} is no consumer of this installation`);
    if (run.kind === "rebuild" && consumer.policy.rebuildable !== true) throw new Error(`${run.group} cannot be rebuilt`);
    if (run.kind === "replay" && !consumer.policy.replayable) throw new Error(`${run.group} is never replayed`);
    if (run.kind === "compare" && !isComparable(consumer)) throw new Error(`${run.group} cannot be compared`);
    return run.kind === "replay" ? replay(deps, run) : rebuild(deps, run, consumer);
  }

  async function giveUp(run: Run, cause: string): Promise<void> {
    const appended = (await sql.begin(async (tx) => {
      // Whatever went wrong after another process took the run over is of no concern to that one.
      await hold(tx, run, owner);
      if (run.kind !== "replay") await tx`select projection_drop_shadow(${run.group})`;
      await end(tx, run, cause);
      return tell(tx, log, run, { type: "system.maintenance.failed", data: { kind: run.kind, group: run.group, cause } }, new Date());
    })) as readonly StoredEvent[];
    logger.error({ run: run.id, group: run.group, kind: run.kind, cause }, "maintenance failed");
    log.publish(appended);
  }

  const looks = loop(look, () => options.lookEveryMs ?? 1_000, (error) => logger.warn({ err: error }, "maintenance is tried again"));
  return {
    async stop() {
      stopping = true;
      await looks.stop();
      await letGo(sql, owner).catch(() => {});
    },
  };
}
