import type { TransactionSql } from "#hub/db/client.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import { stateFrom } from "#hub/log/states.ts";
import type { StateOf } from "#shared/domain/aggregate.ts";
import { businessDateOf } from "#shared/domain/business-date.ts";
import type { Erasure } from "./erase-guest.ts";
import { ticketsOf } from "./guest-streams.ts";

/** Where the night goes through, what was sent just before the cut-over is made after it. */
const AT_LEAST_MS = 3 * 60 * 60_000;

/**
 * Whether a cook may still put on a plate what the guest may not eat: an item with an allergy is on a ticket that is not bumped, or has failed to become one so far. A place that prints bumps
 * none, so it is over with the business day in which the erasure was asked for, three hours after it was asked at the earliest.
 */
export async function kitchenNeeds(tx: TransactionSql, erasure: Erasure): Promise<boolean> {
  const tickets = await ticketsOf(tx, erasure);
  const loaded = await loadCurrent(tx, tickets.map((stream) => ({ stream, kind: "ticket" as const })));
  const states = loaded.map((ticket) => stateFrom("ticket", ticket).state as StateOf["ticket"]);
  const warns = states.some(({ status, items }) => status !== "completed" && Object.values(items).some((item) => item.status !== "voided" && item.allergy.length > 0));
  return (warns || (await hasStillToCome(tx, erasure))) && !(await dayIsOver(tx, erasure));
}

/** Parked or given up, an event becomes a ticket of what it says when it is tried again. */
async function hasStillToCome(tx: TransactionSql, { subject }: Erasure): Promise<boolean> {
  const rows = await tx`
    select from events e where e.stream = ${subject} and e.envelope ~ '"allergy":\\["' and (
      exists (select from parked_events p where p.consumer_group = 'kitchen' and p.shard = e.shard and p.position = e.position)
      or exists (select from dead_letters d where d.consumer_group = 'kitchen' and d.shard = e.shard and d.position = e.position and d.state in ('open', 'retrying')))
    limit 1`;
  return rows.length > 0;
}

async function dayIsOver(tx: TransactionSql, { id, merchant }: Erasure): Promise<boolean> {
  const [asked] = await tx<{ at: Date; now: Date }[]>`select asked_at as at, clock_timestamp() as now from erasures where id = ${id}`;
  const [loaded] = await loadCurrent(tx, [{ stream: merchant, kind: "merchant" }]);
  if (asked === undefined || loaded === undefined) return true;
  const { zone, cutOver } = stateFrom("merchant", loaded).state as StateOf["merchant"];
  const dayOf = (at: Date) => businessDateOf(at.toISOString(), zone, cutOver);
  return dayOf(asked.now) > dayOf(asked.at) && asked.now.getTime() - asked.at.getTime() >= AT_LEAST_MS;
}
