import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { merchantOn, type Bench } from "./bench.ts";
import type { ChildPlan } from "./child.ts";

type Plan = Omit<ChildPlan, "consumerUrl" | "redisUrl" | "merchant">;

/** Runners as processes of their own, on the bench's database: to be killed. */
export function children(bench: () => Bench, stderr: "inherit" | "ignore" = "inherit"): { run(plan: Plan): ChildProcess; killAll(): Promise<void> } {
  const running: ChildProcess[] = [];
  return {
    run(plan) {
      const { databaseUrls, redisUrl } = bench();
      const whole: ChildPlan = { ...plan, consumerUrl: databaseUrls.consumerUrl, redisUrl, merchant: merchantOn(plan.shard) };
      const child = spawn(process.execPath, [fileURLToPath(new URL("./child.ts", import.meta.url)), JSON.stringify(whole)], { stdio: ["ignore", "pipe", stderr] });
      running.push(child);
      return child;
    },
    async killAll() {
      for (const child of running.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    },
  };
}
