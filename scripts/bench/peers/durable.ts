import type { Sql } from "../../../hub/db/client.ts";
import type { RowSizes } from "../pgbench.ts";

/** One command of a waiter: the nth of an order, or the one that sends its items. */
export type PeerTap = { readonly id: string; readonly room: string; readonly order: string; readonly check: string; readonly nth: number; readonly send: boolean };
export type PeerEvent = { readonly id: string; readonly type: string; readonly stream: string; readonly pad: string };

const pad = (length: number) => "x".repeat(Math.max(1, length));

/**
 * The rows that the hub writes for the same tap, as wide (see `../pgbench.ts`), in one transaction of three statements;
 * nothing is decided, locked or counted. Answers the events, which are then emitted.
 */
export function durableWrites(sql: Sql, sizes: RowSizes): (tap: PeerTap) => Promise<readonly PeerEvent[]> {
  const [envelope, answer, part] = [pad(sizes.envelope), pad(sizes.answer), { pad: pad(sizes.part - 10) }];
  const heads = { order: { pad: pad(sizes.orderHead - 10) }, check: { pad: pad(sizes.checkHead - 10) } };
  return async (tap) => {
    const kinds = tap.send ? (["order"] as const) : (["order", "check"] as const);
    const streamOf = (kind: "order" | "check") => tap[kind];
    const type = (kind: "order" | "check") => (tap.send ? "sale.order.sent" : kind === "order" ? "sale.order.itemsAdded" : "sale.check.updated");
    const version = tap.nth + 1;
    await sql.begin(async (tx) => {
      await tx`insert into commands (command_id, hash, organizer_id, merchant_id, owner_id, shard, recorded_at, answer) values (${tap.id}, md5('x') || md5('y'), 'org', 'mer', 'mer', 0, now(), ${answer})`;
      await tx`
        insert into events (shard, position, id, organizer_id, merchant_id, owner_id, stream, stream_version, type, command_id, recorded_at, envelope)
        select 0, nextval('peer_position'), 'evt_' || lastval(), 'org', 'mer', 'mer', stream, ${version}, type, ${tap.id}, now(), ${envelope}
        from unnest(${kinds.map(streamOf)}::text[], ${kinds.map(type)}::text[]) as new (stream, type)`;
      const states = tx`
        insert into aggregates (stream, kind, organizer_id, merchant_id, owner_id, version, evolve_version, active, head)
        select stream, kind, 'org', 'mer', 'mer', ${version}, 1, true, head::jsonb
        from unnest(${kinds.map(streamOf)}::text[], ${kinds.slice()}::text[], ${kinds.map((kind) => JSON.stringify(heads[kind]))}::text[]) as new (stream, kind, head)
        on conflict (stream) do update set version = excluded.version, head = excluded.head`;
      if (tap.send) await tx`with states as (${states}) update aggregate_parts set doc = ${JSON.stringify(part)}::text::jsonb where stream = ${tap.order}`;
      else {
        await tx`
          with states as (${states})
          insert into aggregate_parts (stream, part, organizer_id, merchant_id, doc)
          select stream, ${String(tap.nth)}, 'org', 'mer', ${JSON.stringify(part)}::text::jsonb from unnest(${kinds.map(streamOf)}::text[]) as new (stream)`;
      }
    });
    return kinds.map((kind) => ({ id: `evt_${tap.id}`, type: type(kind), stream: streamOf(kind), pad: envelope }));
  };
}
