// PRN-4: nothing is written before the first byte leaves.
import { substitute } from "../../survival/substitute.mjs";

substitute([
  ["/consumers/printing/job-store.ts", "async start(job: ClaimedJob, bytes: number): Promise<boolean> {", "async start(job: ClaimedJob, bytes: number): Promise<boolean> { return true;"],
  ["/consumers/printing/job-store.ts", "and state in ('sending', 'unknown') and state <> ${state}", "and state in ('queued', 'sending', 'unknown') and state <> ${state}"],
]);
