import { AGGREGATES, aggregateForEvent } from "#shared/domain/aggregates.ts";
import type { Aggregate, AggregateKind } from "#shared/domain/aggregate.ts";
import { upToDate } from "#shared/events/read.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Folding, Snapshot } from "../sync/world.ts";
import type { ArrivedFrame } from "../sync/world-store.ts";

export const EPOCH = "01JD0000000000000000000000";
export const MERCHANT = "mer_01JD0000000000000000000001";
export const ORGANIZER = "org_01JD0000000000000000000001";
export const TABLE = "tbl_01JD0000000000000000000005";
export const SHARD = 3;

export const folding: Folding = {
  upToDate: (event) => upToDate(event),
  kindOf: (type) => aggregateForEvent(type as EventEnvelope["type"]),
  aggregate: (kind: AggregateKind) => AGGREGATES[kind] as unknown as Aggregate,
};

export function snapshotAt(position: string, aggregates: Snapshot["aggregates"] = [tableFive(1)]): Snapshot {
  return { epoch: EPOCH, cursor: { epoch: EPOCH, positions: { [SHARD]: position } }, serverTime: "2026-11-20T12:00:00.000Z", merchant: MERCHANT, aggregates };
}

export function tableFive(version: number, parties: readonly string[] = []): Snapshot["aggregates"][number] {
  return { kind: "table", stream: TABLE, version, state: { id: TABLE, name: "5", zone: "Room", seats: 4, x: 0, y: 0, shape: "square", parties } };
}

export function occupied(position: string, streamversion: number, party: string): EventEnvelope {
  return envelope(position, streamversion, TABLE, "allocation.table.occupied", { party });
}

export function envelope(position: string, streamversion: number, subject: string, type: EventEnvelope["type"], data: unknown): EventEnvelope {
  const at = "2026-11-20T12:00:01.000Z";
  return {
    specversion: "1.0",
    type,
    source: "/hub",
    id: `evt_${position}`,
    time: at,
    datacontenttype: "application/json",
    subject,
    data,
    organizerid: ORGANIZER,
    merchantid: MERCHANT,
    position,
    streamversion,
    occurredat: at,
    businessdate: "2026-11-20",
    commandid: "01JD000000000000000000000C",
    correlationid: "01JD000000000000000000000C",
    actor: "staff:stf_01JD0000000000000000000001",
    dataversion: 1,
  } as unknown as EventEnvelope;
}

export function frameOf(commandId: string, ...events: readonly EventEnvelope[]): ArrivedFrame {
  return { shard: SHARD, to: events.at(-1)?.position ?? "0", commandId, events };
}
