import { inTenant } from "#hub/db/client.ts";
import { calledAs, type NamedEntity } from "./entities.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };
type OnDatabase = Pick<Hub, "sql">;

export type ListedDeadLetter = {
  readonly deadLetter: string;
  readonly group: string;
  readonly event: string;
  readonly type: string;
  readonly shard: number;
  /** As a text: JSON has no number for it. */
  readonly position: string;
  /** Of the event; null: it is not in the log any more, which went back to older data. */
  readonly recordedAt: Date | null;
  /** What the event is about. */
  readonly about: Pick<NamedEntity, "kind" | "stream" | "name" | "number"> | null;
  readonly reason: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly state: "open" | "retrying" | "resolved" | "discarded";
  /** Later events of its keys wait until somebody decides. */
  readonly blocks: boolean;
  /** How many wait behind it. */
  readonly waiting: number;
  /** Decided, and not yet carried out. */
  readonly deciding: boolean;
  /** The last: an event that is tried again may come back. `replay`: it was given again with everything else. */
  readonly decision: { readonly decision: "retry" | "discard" | "replay"; /** A name, or whoever is none of the staff. */ readonly by: string; readonly why: string | null; readonly at: Date } | null;
};

const PAGE = 50;
type LetterRow = Omit<ListedDeadLetter, "about" | "decision">
  & (NonNullable<ListedDeadLetter["about"]> | { readonly kind: null; readonly stream: null; readonly name: null; readonly number: null })
  & (NonNullable<ListedDeadLetter["decision"]> | { readonly decision: null; readonly by: null; readonly why: null; readonly at: null });

export async function deadLetters(hub: OnDatabase, tenant: Tenant, before: string | null) {
  const rows = await inTenant(hub.sql, tenant, (tx) => tx<LetterRow[]>`
    select d.id as "deadLetter", d.consumer_group as "group", d.event_id as event, d.event_type as type, d.shard, d.position::text as position, e.recorded_at as "recordedAt",
      about.kind, about.stream, about.name, about.number, d.reason, d.attempts,
      d.first_failed_at as "firstFailedAt", d.last_failed_at as "lastFailedAt", d.state, d.blocks_keys as blocks,
      (select count(*)::int from parked_events p where p.consumer_group = d.consumer_group and p.shard = d.shard and p.position > d.position and p.keys && d.keys) as waiting,
      exists (select from dead_letter_decisions w where w.dead_letter_id = d.id and w.done_at is null) as deciding,
      last.decision, last.by, last.why, last.at
    from dead_letters d
    left join events e on e.shard = d.shard and e.position = d.position and e.id = d.event_id
    left join lateral (select kind, stream, ${calledAs(tx)} from aggregates where aggregates.stream = e.stream) about on true
    left join lateral (
      select one.decision, coalesce((select head->>'name' from aggregates where stream = substr(one.by, 7) and kind = 'staff'), one.by) as by, one.why, one.at
      from (
        select w.decision, w.decided_by as by, w.note as why, w.decided_at as at from dead_letter_decisions w where w.dead_letter_id = d.id
        union all
        select 'replay', d.decided_by, (select r.reason from maintenance_runs r where r.id = d.given_again_by), d.decided_at where d.given_again_by is not null
      ) one order by one.at desc limit 1
    ) last on true
    where d.merchant_id = ${tenant.merchantId}
      and (${before}::text is null or (d.state = 'open', d.recorded_at, d.id) < (select b.state = 'open', b.recorded_at, b.id from dead_letters b where b.id = ${before}))
    order by d.state = 'open' desc, d.recorded_at desc, d.id desc limit ${PAGE + 1}`);
  const listed = rows.map(({ kind, stream, name, number, decision, by, why, at, ...letter }): ListedDeadLetter => ({
    ...letter,
    about: kind === null ? null : { kind, stream, name, number },
    decision: decision === null ? null : { decision, by, why, at },
  }));
  return { deadLetters: listed.slice(0, PAGE), next: listed.length > PAGE ? (listed[PAGE - 1]?.deadLetter ?? null) : null };
}

export type ListedRun = {
  readonly maintenance: string;
  readonly group: string;
  readonly kind: "rebuild" | "replay" | "compare";
  readonly state: "waiting" | "running" | "completed" | "failed";
  readonly reason: string;
  readonly failure: string | null;
  readonly requestedAt: Date;
  readonly endedAt: Date | null;
  /** Events behind it, and in all. */
  readonly done: number;
  readonly total: number;
  /** Of a comparison that is done: rows that are on one side only, or not the same on both. */
  readonly differing: number | null;
};

export async function maintenanceRuns(hub: OnDatabase, tenant: Tenant): Promise<readonly ListedRun[]> {
  return inTenant(hub.sql, tenant, (tx) => tx<ListedRun[]>`
    select id as maintenance, consumer_group as "group", kind, state, reason, failure, requested_at as "requestedAt", ended_at as "endedAt", done::int as done, total::int as total, differing::int as differing
    from maintenance_runs where organizer_id = ${tenant.organizerId} order by requested_at desc limit 20`);
}

export type DifferingRow = { readonly table: string; readonly key: Readonly<Record<string, string | number>>; readonly fields: readonly { readonly field: string; readonly expected: string | null; readonly found: string | null }[] };

/** What a comparison found in this place's rows, the first 50 of each table: only what differs of them is told. */
export async function differingRows(hub: OnDatabase, tenant: Tenant, run: string): Promise<readonly DifferingRow[]> {
  type Row = { table: string; key: Record<string, string | number>; expected: Record<string, unknown> | null; found: Record<string, unknown> | null };
  const rows = await inTenant(hub.sql, tenant, (tx) => tx<Row[]>`
    select d.table_name as table, d.key, d.expected, d.found from maintenance_differences d
    where d.run_id = ${run} and d.merchant_id = ${tenant.merchantId} order by d.table_name, d.number`);
  const shown = (side: Record<string, unknown> | null, field: string) => (side === null ? null : (JSON.stringify(side[field]) ?? null));
  return rows.map(({ table, key, expected, found }) => ({
    table,
    key,
    fields: Object.keys(expected ?? found ?? {}).flatMap((field) => {
      const [there, here] = [shown(expected, field), shown(found, field)];
      return field in key || there === here ? [] : [{ field, expected: there, found: here }];
    }),
  }));
}

export type ListedPrinter = { readonly printer: string; readonly name: string; readonly online: boolean; readonly cause: string | null; /** How it has been since then. */ readonly since: Date; /** Slips that wait for it. */ readonly waiting: number };

/** Of printers a place is told about its own only. */
export async function operationStatus(hub: Pick<Hub, "sql" | "observer">, tenant: Tenant) {
  const printers = await inTenant(hub.sql, tenant, (tx) => tx<ListedPrinter[]>`
    select p.printer_id as printer, p.name, p.online, p.cause, p.since,
      (select count(*)::int from print_jobs j where j.merchant_id = p.merchant_id and j.printer_id = p.printer_id and j.state = 'queued') as waiting
    from print_printers p where p.merchant_id = ${tenant.merchantId} order by p.online, p.name`);
  const down = printers.filter(({ online }) => !online);
  const status = hub.observer.status();
  const alerts = status.alerts.flatMap((alert) => (alert.rule !== "printers-down" ? [alert] : []));
  return { ...status, alerts: down.length > 0 ? [...alerts, { rule: "printers-down" as const, count: down.length, names: down.map(({ name }) => name) }] : alerts, printers: [...printers] };
}
