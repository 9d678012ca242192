import { connect } from "#hub/db/client.ts";
import { appendInTransaction } from "#hub/log/append-in-transaction.ts";
import { startPrintWorker } from "../worker.ts";

/** A worker of its own, to be killed: `node worker-process.ts <consumerUrl> [leaseMs]`. */
const [url = "", leaseMs = "1500"] = process.argv.slice(2);
startPrintWorker({
  sql: connect(url, { max: 4 }),
  redisUrl: "redis://127.0.0.1:1",
  log: { appendInTransaction, publish: () => {} },
  processName: "killed",
  leaseMs: Number(leaseMs),
  sweepMs: 50,
  timing: { answerMs: 500 },
});
