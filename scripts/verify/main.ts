import { connect } from "#hub/db/client.ts";
import { verifyLog } from "./verify-log.ts";

/**
 * `npm run verify`: holds every event of the log against its hash chain. Reads only, as the role comanda_consumer (CONSUMER_DATABASE_URL).
 * `--heads` also prints each owner's last hash, to be kept elsewhere. Ends with 1 when something was changed, is missing or was put in.
 */
async function main(): Promise<number> {
  const url = process.env["CONSUMER_DATABASE_URL"];
  if (url === undefined || !URL.canParse(url)) {
    console.error("CONSUMER_DATABASE_URL must be an address like postgres://comanda_consumer:password@host:5432/comanda.");
    return 1;
  }
  const sql = connect(url, { max: 2, applicationName: "comanda-verify", statementTimeoutMs: 60_000 });
  try {
    const { events, owners, notYet, findings, heads } = await verifyLog(sql);
    for (const { shard, position, what } of findings) console.log(`shard ${shard}, position ${position}: ${what}`);
    if (process.argv.includes("--heads")) for (const [owner, hash] of heads) console.log(`${owner} ${hash}`);
    const waiting = notYet === 0 ? "" : ` ${notYet} are not chained yet.`;
    console.log(findings.length === 0 ? `${events} events of ${owners} owners are as they were written.${waiting}` : `${findings.length} things are wrong among ${events} events.${waiting}`);
    return findings.length === 0 ? 0 : 1;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`The log could not be read: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});
