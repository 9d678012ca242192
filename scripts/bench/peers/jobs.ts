import { Redis } from "ioredis";
import { Worker } from "bullmq";
import { connect } from "../../../hub/db/client.ts";

export type PeerJob = { readonly id: string; readonly key: string; readonly shard: number; readonly position: string; readonly envelope: { readonly subject: string } };

/**
 * A BullMQ worker that begins at SIGUSR2. So that the jobs of a key stay in order, a key belongs to one of sixteen queues
 * and a queue has one job under way; so that a job that is done twice has its effect once, the effect is written by the
 * statement that notes the job. A job counts as done when that is durable, since BullMQ forgets it then.
 */
const { databaseUrl, redisUrl, group, queues } = JSON.parse(process.argv[2] ?? "{}") as { databaseUrl: string; redisUrl: string; group: string; queues: string[] };
const sql = connect(databaseUrl, { max: queues.length });
const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });

const workers = queues.map(
  (name) =>
    new Worker<PeerJob>(
      name,
      async ({ data: { id, key, shard, position, envelope } }) => {
        await sql`
          with once as (insert into bench_done (job) values (${id}) on conflict do nothing returning job)
          insert into bench_effects (grp, key, shard, position, subject) select ${group}, ${key}, ${shard}, ${position}, ${envelope.subject} from once`;
      },
      { connection, concurrency: 1, autorun: false, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
    ),
);
process.once("SIGUSR2", () => {
  for (const worker of workers) void worker.run();
});
process.once("SIGTERM", () => process.exit(0));
await Promise.all(workers.map((worker) => worker.waitUntilReady()));
console.log(JSON.stringify({ ready: true }));
