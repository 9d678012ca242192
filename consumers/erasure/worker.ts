import type { Logger } from "pino";
import { takeTurn } from "#consumers/runner/erasure-turn.ts";
import { failureKind, runnerError } from "#consumers/runner/failures.ts";
import { loop } from "#consumers/runner/loop.ts";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import { closeStreams, type ErasureLog } from "./close-streams.ts";
import { eraseGuest, type Erasure, type NotYet } from "./erase-guest.ts";
import { guestStreams } from "./guest-streams.ts";
import { kitchenNeeds } from "./kitchen-needs.ts";
import { allHaveRead } from "./readers.ts";
import { forgetInRedis } from "./redis-entries.ts";

const LOOK_MS = 2_000;
/** One that waits is tried again at the next look, and by one process of several. */
const AGAIN = 0.75;
/** The rest comes at the next look: those that wait for others keep nobody from the end, nor the process from its own. */
const MOST_AT_A_LOOK = 50;

type ErasureOptions = {
  readonly sql: Sql;
  readonly redisUrl: string;
  readonly log: ErasureLog;
  /** Every consumer group: what one of them has not read yet, it may still make something of. */
  readonly groups: readonly string[];
  readonly logger: Logger;
  readonly againAfterMs?: number;
};

/** Forgets guests in Postgres, step by step (ADR 14), and then in Redis as soon as it is there. */
export function startErasure({ sql, redisUrl, log, groups, logger, againAfterMs = 60_000 }: ErasureOptions): { stop(): Promise<void> } {
  const lookMs = Math.min(LOOK_MS, againAfterMs);
  let ending = false;

  async function look(): Promise<void> {
    for (let tried = 0; tried < MOST_AT_A_LOOK && !ending; tried++) {
      const next = await nextWaiting(sql, lookMs * AGAIN);
      if (next === undefined) break;
      await eraseOne(next);
    }
    await forgetInRedis(sql, redisUrl, againAfterMs);
    await sql`
      update erasures e set left_in_redis = n.entries, again_in_redis = n.again, state = case when n.entries + n.again = 0 then 'done' else state end, done_at = case when n.entries + n.again = 0 then clock_timestamp() end
      from (
        select w.id, count(x.*) filter (where x.times = 0)::int as entries, count(x.*) filter (where x.times > 0)::int as again
        from erasures w left join erased_entries x on x.erasure = w.id where w.state = 'written' group by w.id
      ) n
      where e.id = n.id and (e.left_in_redis, e.again_in_redis) is distinct from (n.entries, n.again)`;
  }

  async function eraseOne(id: string): Promise<void> {
    try {
      log.publish((await sql.begin(async (tx) => ({ of: await step(tx, log, groups, id) }))).of);
    } catch (error) {
      // A lock that was not to be had in time is somebody's who still applies what he read.
      const again = failureKind(error) === "again";
      logger[again ? "debug" : "warn"]({ err: error, erasure: id }, "a guest is forgotten later");
      await waits(sql, id, { waitsFor: again ? "readers" : "trouble" });
    }
  }

  const looking = loop(look, () => lookMs, (error) => logger.warn({ err: error }, "erasures are looked for later"));
  return {
    stop() {
      ending = true;
      return looking.stop();
    },
  };
}

/** The one that was tried longest ago; none when all were tried just now. */
async function nextWaiting(sql: Sql, agoMs: number): Promise<string | undefined> {
  const [next] = await sql<{ id: string }[]>`
    select id from erasures where state = 'waiting' and (tried_at is null or tried_at < clock_timestamp() - ${agoMs} * interval '1 millisecond') order by tried_at nulls first, asked_at limit 1`;
  return next?.id;
}

type Waiting = { readonly waitsFor: NotYet["waitsFor"] | "kitchen" | "trouble"; readonly to?: bigint };

async function waits(sql: Sql | TransactionSql, id: string, { waitsFor, to }: Waiting): Promise<void> {
  await sql`update erasures set waits_for = ${waitsFor}, read_to = greatest(read_to, ${to ?? 0n}), tried_at = clock_timestamp() where id = ${id} and state = 'waiting'`;
}

async function waitingErasure(tx: TransactionSql, id: string, held?: "held"): Promise<Erasure | undefined> {
  const [erasure] = await tx<Erasure[]>`
    select id, organizer_id as organizer, merchant_id as merchant, subject, checks, business_date::text as "businessDate", shard, read_to as "readTo"
    from erasures where id = ${id} and state = 'waiting' ${held === undefined ? tx`` : tx`for update`}`;
  return erasure;
}

/**
 * As far as it can be done now. First all have read what was written before the guest was erased, and the kitchen is done with what it needs the words for; then
 * states lose the words by an event; then, with nobody left who could write them again, they leave the log. Answers the events that were appended.
 */
async function step(tx: TransactionSql, log: ErasureLog, groups: readonly string[], id: string): Promise<readonly StoredEvent[]> {
  const asked = await waitingErasure(tx, id);
  if (asked === undefined) return [];
  const haveRead = () => allHaveRead(tx, groups, asked.shard, asked.readTo);
  if (!(await haveRead())) {
    await waits(tx, id, { waitsFor: "readers" });
    return [];
  }
  if (await kitchenNeeds(tx, asked)) {
    await waits(tx, id, { waitsFor: "kitchen" });
    return [];
  }
  await takeTurn(tx, asked.merchant);
  const erasure = await waitingErasure(tx, id, "held");
  if (erasure === undefined) return [];
  const streams = await guestStreams(tx, erasure);
  const appended = await closeStreams(tx, log, erasure, streams);
  if (appended.length > 0) return appended;
  const erased = await eraseGuest(tx, erasure, streams);
  if ("waitsFor" in erased) await waits(tx, id, erased);
  else if (!(await haveRead())) throw runnerError("aborted", "a consumer was sent back meanwhile");
  else {
    const { events, streams: places, slips, files } = erased;
    await tx`update erasures set state = 'written', waits_for = null, events = ${events}, streams = ${places}, slips = ${slips}, files = ${files}, written_at = clock_timestamp() where id = ${id}`;
  }
  return [];
}
