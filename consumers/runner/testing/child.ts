import { pino } from "pino";
import { z } from "zod";
import { connect } from "#hub/db/client.ts";
import type { BatchPoint, RunnerHooks } from "../ports.ts";
import { startRunner } from "../runner.ts";
import { startWatchdog } from "../watchdog/watchdog.ts";
import { asItIs, FAST, commandOnce } from "./bench.ts";
import { benchLog } from "./bench-log.ts";
import { effectConsumer } from "./effects.ts";

export type ChildPlan = z.infer<typeof plan>;

/** What the process is to do, as JSON in its first argument. */
const plan = z.object({
  consumerUrl: z.string(),
  redisUrl: z.string(),
  group: z.string(),
  shard: z.number(),
  merchant: z.string(),
  batchSize: z.number(),
  /** SIGKILLs itself at the nth passage of a hook, and whenever the handler meets the poison. */
  killAt: z.object({ hook: z.enum(["afterEffects", "beforeCommit", "afterCommit"]), nth: z.number() }).optional(),
  poison: z.string().optional(),
  /** The handler that meets it never gives the thread back; the watchdog ends the process after so long. */
  blocker: z.object({ subject: z.string(), endAfterMs: z.number() }).optional(),
});

const { consumerUrl, redisUrl, group, shard, merchant, batchSize, killAt, poison, blocker } = plan.parse(JSON.parse(process.argv[2] ?? "{}"));
const die = () => process.kill(process.pid, "SIGKILL");

let passages = 0;
const passing = (hook: string) => (point: BatchPoint) => {
  if (point.shard !== shard || killAt?.hook !== hook) return;
  passages += 1;
  if (passages === killAt.nth) die();
};
const hooks: RunnerHooks = { afterEffects: passing("afterEffects"), beforeCommit: passing("beforeCommit"), afterCommit: passing("afterCommit") };

const log = await benchLog(consumerUrl, redisUrl);
const sql = connect(consumerUrl, { max: 8 });
const base = effectConsumer(
  group,
  (event, context) => {
    if (event.shard !== shard) return;
    if (event.envelope.subject === poison) die();
    if (event.envelope.subject === blocker?.subject) for (;;);
    context.append([commandOnce(context.commandIdFor(event, "ticket"), merchant, event)]);
  },
  { batchSize },
);
const watchdog = blocker === undefined ? undefined : startWatchdog({ databaseUrl: consumerUrl, processName: "child", logLevel: "fatal", endAfterMs: blocker.endAfterMs, logger: pino({ level: "silent" }) });
const runner = startRunner({ sql, redisUrl, log: log.runnerLog, consumers: [base], processName: "child", timings: FAST, hooks, read: asItIs, ...(watchdog === undefined ? {} : { watch: watchdog.watch }) });
await runner.started;
process.stdout.write("ready\n");
process.on("SIGTERM", () => void runner.stop().then(() => process.exit(0)));
