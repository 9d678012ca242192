import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { connect } from "#hub/db/client.ts";
import { consumerUrlIn } from "../start/postgres-step.ts";
import { snapshotsOf } from "./in-snapshot.ts";
import { verifyKept } from "./verify-kept.ts";
import { verifyLog } from "./verify-log.ts";
import { verifyStates } from "./verify-states.ts";

/**
 * `npm run verify`: holds every event of the log against its hash chain, and every stored state against what its events fold into. Reads only, as the role comanda_consumer
 * (CONSUMER_DATABASE_URL; without it, of what `npm start` runs, with `--data DIR` if it was given one).
 * `--heads` also prints each owner's last hash, to be kept elsewhere; `--kept FILE` looks whether what it printed once is still in the chains. Ends with 1 when something was changed, is missing, was put in or has drifted.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { heads: { type: "boolean" }, kept: { type: "string" }, data: { type: "string", default: ".data" } }, strict: true });
  const before = values.kept === undefined ? undefined : readFileSync(values.kept, "utf8");
  const url = process.env["CONSUMER_DATABASE_URL"] ?? consumerUrlIn(resolve(values.data));
  if (url === undefined || !URL.canParse(url)) {
    console.error("Nothing runs in the data folder: name it with --data DIR, or set CONSUMER_DATABASE_URL to an address like postgres://comanda_consumer:password@host:5432/comanda.");
    return 1;
  }
  const sql = connect(url, { max: 2, applicationName: "comanda-verify", statementTimeoutMs: 60_000 });
  try {
    const { events, owners, notYet, findings, heads } = await verifyLog(snapshotsOf(sql));
    for (const { shard, position, what } of findings) console.log(`shard ${shard}, position ${position}: ${what}`);
    if (values.heads === true) for (const [owner, hash] of heads) console.log(`${owner} ${hash}`);
    const waiting = notYet === 0 ? "" : ` ${notYet} are not chained yet.`;
    console.log(findings.length === 0 ? `${events} events of ${owners} owners are as they were written.${waiting}` : `${findings.length} things are wrong among ${events} events.${waiting}`);
    const ends = before === undefined ? { kept: 0, gone: [] } : await verifyKept(sql, before);
    for (const owner of ends.gone) console.log(`${owner}: its chain has no link like the one that was kept`);
    if (before !== undefined) console.log(`${ends.kept - ends.gone.length} of ${ends.kept} ends that were kept are in their chains.`);
    const { states, passedOver, drifts } = await verifyStates(snapshotsOf(sql));
    for (const { stream, what } of drifts) console.log(`${stream} ${what}`);
    const others = passedOver === 0 ? "" : ` ${passedOver} are of another release and are folded anew when they are used.`;
    console.log(drifts.length === 0 ? `${states} states are what their events fold into.${others}` : `${drifts.length} things are wrong among ${states} states.${others}`);
    const isMissed = before !== undefined && ends.kept === 0;
    return findings.length + drifts.length + ends.gone.length === 0 && !isMissed ? 0 : 1;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`The log could not be read: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});
