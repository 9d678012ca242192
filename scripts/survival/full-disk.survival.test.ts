import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { connect } from "#hub/db/client.ts";
import { createEventLog } from "#hub/log/append.ts";
import { readRange } from "#hub/log/read.ts";
import { change, command, newMerchant, newOrder } from "#hub/log/testing/commands.ts";
import type { AppendCommand } from "#hub/log/types.ts";
import { shardOf } from "#shared/shards.ts";
import { isRunning, waitFor } from "../services/server.ts";
import { runServices } from "../testing/run-services.ts";
import { startPostgres } from "../testing/services.ts";
import { openSmallDisk, type SmallDisk } from "./small-disk.ts";

const SOON = 30_000;
const dir = mkdtempSync(join(runServices().dir, "disk-"));
/** Without the right to mount one there is none. */
const disk = openSmallDisk(dir, 192);
afterAll(() => {
  disk?.close();
  rmSync(dir, { recursive: true, force: true });
});

test.skipIf(disk === undefined)("Postgres's disk is full, for its tables and then for its log: commands are refused and say so, and with room again nothing is lost and nothing is there twice", async () => {
  const { fill } = disk as SmallDisk;
  const dataDir = join(dir, "data");
  const server = await startPostgres({ migrated: true, dataDir, durable: true, settings: { min_wal_size: "32MB", max_wal_size: "48MB", max_connections: "40" } });
  const as = (role: string) => server.url.replace("postgres@", `${role}@`);
  const log = await createEventLog({ hubUrl: as("comanda_hub"), consumerUrl: as("comanda_consumer"), awayMs: 800 });
  const admin = connect(server.url, { max: 1 });
  const owner = newMerchant();
  const shard = shardOf(owner.merchantId);
  const answered: AppendCommand[] = [];
  const refused: AppendCommand[] = [];
  /** Sells until it is refused with the reason. */
  const sellUntil = async (reason: string) => {
    for (const deadline = Date.now() + SOON; Date.now() < deadline; ) {
      const sent = command(owner, [change(newOrder(), 0, { note: "x".repeat(30_000) + newOrder() })]);
      const came = await log.append(sent);
      (came.outcome === "appended" || came.outcome === "repeat" ? answered : refused).push(sent);
      if (came.outcome === "unavailable" && came.reason === reason) return;
    }
    throw new Error(`no command was refused as ${reason}`);
  };
  /** Postgres may end by itself at any moment after its disk was full, and stays away until somebody starts it. */
  const answersAtLast = async (sent: AppendCommand) => {
    let last = "";
    for (const deadline = Date.now() + SOON; Date.now() < deadline; ) {
      if (!isRunning(server.pid)) await server.restart();
      const came = await log.append(sent);
      if (came.outcome === "appended" || came.outcome === "repeat") return;
      last = JSON.stringify(came);
    }
    throw new Error(`no answer but ${last}`);
  };
  try {
    answered.push(command(owner, [change(newOrder(), 0)]));
    for (const first of answered) expect((await log.append(first)).outcome).toBe("appended");
    let empty = fill();
    await sellUntil("database-full");
    expect(log.state().append.database).toBe("full");
    expect((await readRange(admin, shard, 0n, 10_000)).length).toBe(answered.length);
    empty();
    await waitFor("room", SOON, async () => (await log.append(refused.at(-1) as AppendCommand)).outcome !== "unavailable");
    expect(log.state().append.database).toBe("up");

    empty = fill();
    // The next segment of its own log does not fit: Postgres stops at once, and may not come up by itself.
    for (let i = 0; i < 5; i++) await admin.unsafe("select pg_logical_emit_message(true, 'filler', 'x'); select pg_switch_wal()").catch(() => {});
    await sellUntil("database-away");
    empty();
    for (const sent of refused) await answersAtLast(sent);
    const rows = await admin<{ events: bigint; head: bigint; commands: bigint }[]>`select count(*) as events, max(position) as head, count(distinct command_id) as commands from events where shard = ${shard}`;
    const all = BigInt(answered.length + refused.length);
    expect(rows).toEqual([{ events: all, head: all, commands: all }]);
  } finally {
    await log.close();
    await admin.end({ timeout: 1 });
    await server.stop();
  }
});
