import { createHash } from "node:crypto";
import { newEpoch } from "../epoch.ts";
import type { AppendCommand, CountChange, DraftEvent, StreamChange } from "../types.ts";

/** Test material only. A ULID of now, or of another time. */
export function ulid(at = Date.now()): string {
  return newEpoch(at);
}

export type Owner = { readonly organizerId: string; readonly merchantId?: string };

export function newMerchant(): Required<Owner> {
  return { organizerId: `org_${ulid()}`, merchantId: `mer_${ulid()}` };
}

export function newOrder(): string {
  return `ord_${ulid()}`;
}

export function event(data: unknown = {}, type = "sale.order.updated"): DraftEvent {
  return { id: `evt_${ulid()}`, type, data, dataversion: 1, occurredat: "2026-11-20T12:00:00.000Z", businessdate: "2026-11-20" };
}

export function change(stream: string, expected: number, options: Partial<StreamChange> & { parts?: Record<string, unknown>; note?: string } = {}): StreamChange {
  const { parts, note, ...rest } = options;
  return {
    stream,
    kind: "order",
    expected,
    events: [event({ note: note ?? "" })],
    state: { head: { version: expected + 1, note: note ?? "" }, parts: new Map(Object.entries(parts ?? {})), evolveVersion: 1, active: true },
    ...rest,
  };
}

/** Read and not moved: no events, no state. */
export function guard(stream: string, expected: number): StreamChange {
  return { stream, kind: "order", expected, events: [] };
}

export function command(owner: Owner, changes: readonly StreamChange[], options: Partial<AppendCommand> & { counts?: readonly CountChange[] } = {}): AppendCommand {
  const commandId = options.commandId ?? ulid();
  return {
    commandId,
    hash: createHash("sha256").update(commandId).digest("hex"),
    ...owner,
    actor: "staff:stf_1",
    source: "/hub",
    correlationId: commandId,
    changes,
    counts: [],
    answer: JSON.stringify({ answered: commandId }),
    ...options,
  };
}
