import { inTenant, type TransactionSql } from "#hub/db/client.ts";
import { LONGEST_LINK } from "#hub/log/audit-digest.ts";
import { aggregateOf } from "#hub/log/states.ts";
import { aggregateForEvent } from "#shared/domain/aggregates.ts";
import type { StateOf, AggregateKind } from "#shared/domain/aggregate.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isUnreadable, readEvent } from "#shared/events/read.ts";
import type { Hub } from "./hub.ts";
import { changedFields, type ChangedField } from "./changed-fields.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };

export type TrailEntry = {
  readonly version: number;
  readonly event: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly actor: { readonly id: string; readonly name: string | null };
  readonly device: { readonly id: string; readonly name: string | null } | null;
  /** By which the command was let in. */
  readonly capability: string | null;
  /** Keyed: tells whether two came from one address, and not from which. */
  readonly addressHash: string | null;
  readonly command: string;
  readonly correlation: string;
  readonly causation: string | null;
  readonly trace: string | null;
  readonly data: unknown;
  /** Fields of the entity's state that this event changed; of a count, what was on the shelf (`onHand`) once the stock's consumer has come to it. */
  readonly changes: readonly ChangedField[];
  /** Its link in the owner's hash chain; null: not chained yet. */
  readonly link: string | null;
};

const PAGE = 100;
/** A page further on is not folded from the beginning: a receipt's numbers are a stream that never ends. */
const LONGEST = 5_000;
type Row = { envelope: string; link: string | null };

/** Undefined: there is no such thing at this place, nor at its organizer. */
export async function trail(hub: Pick<Hub, "sql">, tenant: Tenant, { stream, after }: { readonly stream: string; readonly after: number }, longest = LONGEST) {
  return inTenant(hub.sql, tenant, async (tx) => {
    // From the beginning, since what was before a page follows from all that came before it. Of what is longer, from the event before: enough for a number, and of anything else the event says what it says.
    const from = after <= longest ? 0 : after - 1;
    const rows = await rowsOf(tx, stream, from, after - from + PAGE + 1);
    if (rows.length === 0) return undefined;
    let state: StateOf[AggregateKind] | undefined;
    const entries: TrailEntry[] = [];
    for (const { envelope: text, link } of rows.slice(0, after - from + PAGE)) {
      const envelope = JSON.parse(text) as Envelope;
      const next = foldOne(state, envelope);
      if (envelope.streamversion > after) entries.push(entryOf(envelope, changedFields(state, next), link));
      state = next;
    }
    const counts = await countsOf(tx, tenant.merchantId, entries.filter(({ type }) => type === "stock.ingredient.counted"));
    const names = await namesOf(tx, entries.flatMap(({ actor, device }) => [actor.id, ...(device === null ? [] : [device.id])]));
    const named = entries.map((entry) => ({
      ...entry,
      changes: [...entry.changes, ...(counts.get(entry.event) ?? [])],
      actor: { ...entry.actor, name: names.get(entry.actor.id) ?? null },
      device: entry.device === null ? null : { ...entry.device, name: names.get(entry.device.id) ?? null },
    }));
    return { stream, entries: named, next: rows.length > after - from + PAGE ? after + PAGE : null };
  });
}

/** Under the tenant's policies: its own rows, and those of the organizer as a whole. */
function rowsOf(tx: TransactionSql, stream: string, from: number, limit: number): Promise<readonly Row[]> {
  return tx<Row[]>`
    select e.envelope, encode(c.hash, 'hex') as link from events e left join audit_chain c on c.shard = e.shard and c.owner_id = e.owner_id
      and c.last_position >= e.position and c.last_position < e.position + ${LONGEST_LINK} and c.first_position <= e.position
    where e.stream = ${stream} and e.stream_version > ${from} order by e.stream_version limit ${limit}`;
}

/** An event that today's code cannot fold is shown all the same, without before and after. */
function foldOne(state: StateOf[AggregateKind] | undefined, envelope: Envelope): StateOf[AggregateKind] | undefined {
  const event = readEvent(envelope);
  if (isUnreadable(event)) return state;
  const kind = aggregateForEvent(event.type);
  try {
    return kind === undefined ? state : aggregateOf(kind).evolve(state as never, event as EventEnvelope);
  } catch {
    return state;
  }
}

function entryOf(envelope: Envelope, changes: readonly ChangedField[], link: string | null): TrailEntry {
  return {
    version: envelope.streamversion,
    event: envelope.id,
    type: envelope.type,
    recordedAt: envelope.time,
    occurredAt: envelope.occurredat,
    actor: { id: envelope.actor.slice(envelope.actor.indexOf(":") + 1), name: null },
    device: envelope.deviceid === undefined ? null : { id: envelope.deviceid, name: null },
    capability: envelope.capability ?? null,
    addressHash: envelope.addresshash ?? null,
    command: envelope.commandid,
    correlation: envelope.correlationid,
    causation: envelope.causationid ?? null,
    trace: envelope.traceparent?.split("-")[1] ?? null,
    data: envelope.data,
    changes,
    link,
  };
}

/** An ingredient's state has no level: what was there before a count is what it was counted to, less the difference that was found. */
async function countsOf(tx: TransactionSql, merchant: string, entries: readonly TrailEntry[]): Promise<ReadonlyMap<string, readonly ChangedField[]>> {
  if (entries.length === 0) return new Map();
  const counted = entries.map(({ data }) => String((data as { readonly quantity?: unknown }).quantity));
  const rows = await tx<{ event: string; before: string; after: string }[]>`
    select m.event_id as event, trim_scale(c.counted - m.quantity)::text as before, trim_scale(c.counted)::text as after
    from unnest(${entries.map(({ event }) => event)}::text[], ${counted}::text[]::numeric[]) as c (event, counted)
    join stock_movements m on m.merchant_id = ${merchant} and m.event_id = c.event and m.line = 0`;
  return new Map(rows.map(({ event, before, after }) => [event, [{ field: "onHand", before, after }]]));
}

/** People and devices; the row-level policy shows those of the organizer as well. */
async function namesOf(tx: TransactionSql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx<{ stream: string; name: string | null }[]>`select stream, head->>'name' as name from aggregates where stream = any(${[...new Set(ids)]}) and kind in ('staff', 'device')`;
  return new Map(rows.flatMap(({ stream, name }) => (name === null ? [] : [[stream, name] as const])));
}
