import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { takePreparedCluster } from "../testing/prepared-cluster.ts";
import { notePid } from "../testing/run-directory.ts";
import { runServices } from "../testing/run-services.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

/** What is written is there for whoever comes after a killed process, on the disk or not; `npm run chaos` has it on the disk. */
const NO_POWER_CUT = { fsync: "off" };

/** The tests' stage: what it starts is ended by the next run when this one is killed. */
export async function openTestStage(options: Omit<StageOptions, "dir" | "started"> = {}): Promise<Stage> {
  const run = runServices().dir;
  const dir = mkdtempSync(join(run, "survival-"));
  chmodSync(dir, 0o755);
  takePreparedCluster(join(dir, "postgres"));
  const stage = await openStage({ ...options, ...(options.smallDisk === true ? {} : { postgresSettings: NO_POWER_CUT }), dir, started: (pid) => notePid(run, pid) });
  const { close } = stage;
  return Object.assign(stage, {
    async close() {
      await close();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}
