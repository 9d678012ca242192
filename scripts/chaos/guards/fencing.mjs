// RUN-2: who has lost a shard does not hear of it, and nothing keeps it from writing.
import { substitute } from "../../survival/substitute.mjs";

substitute([
  ["/consumers/runner/checkpoint.ts", "and shard = ${lease.shard} and fence = ${lease.fence} and position = ${from}", "and shard = ${lease.shard}"],
  ["/consumers/runner/group-runner.ts", "if (isAsLeft(worker.lease)) continue;", "continue;"],
]);
