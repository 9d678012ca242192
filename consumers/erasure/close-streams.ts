import { createHash } from "node:crypto";
import type { TransactionSql } from "#hub/db/client.ts";
import type { InTransaction } from "#hub/log/append-in-transaction.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import { stateFrom, type Known } from "#hub/log/states.ts";
import type { AppendCommand, LoadedState, StoredEvent } from "#hub/log/types.ts";
import type { StateOf } from "#shared/domain/aggregate.ts";
import type { Change } from "#shared/domain/command.ts";
import { mayNameGuest } from "#shared/domain/erased.ts";
import { prefixed } from "#shared/ids.ts";
import type { Erasure } from "./erase-guest.ts";
import type { GuestStreams } from "./guest-streams.ts";

/** What the worker asks of the log; the runner's port has the same two. */
export type ErasureLog = {
  appendInTransaction(tx: TransactionSql, commands: readonly AppendCommand[]): Promise<InTransaction>;
  publish(events: readonly StoredEvent[]): void;
};

const MOST = 200;
const SOURCE = { actor: "consumer:erasure", source: "/consumers/erasure" } as const;

/**
 * Tickets, requests for leave and reports lose the guest's words by an event of their own, as the last statement of the transaction (LOG-8): a hub that
 * remembers one as it was has an old version of it, and writes nothing on it before it has read it anew. None when no state has words any more.
 */
export async function closeStreams(tx: TransactionSql, log: ErasureLog, erasure: Erasure, streams: GuestStreams): Promise<readonly StoredEvent[]> {
  const refs = [...kind("ticket", streams.tickets), ...kind("approval", streams.approvals), ...kind("cash-report", streams.reports)];
  const known = new Map<string, Known>();
  const changes: Change[] = [];
  for (const loaded of await loadCurrent(tx, refs)) {
    const change = closing(loaded, erasure.checks);
    if (change === undefined || changes.length === MOST) continue;
    known.set(loaded.stream, stateFrom(change.kind, loaded));
    changes.push(change);
  }
  if (changes.length === 0) return [];
  const part = changes.map(({ stream }) => `${stream} ${known.get(stream)?.version ?? 0}`).join();
  const commandId = derivedUlid(erasure.id, part);
  const now = new Date().toISOString();
  const common = { ...SOURCE, commandId, correlationId: erasure.id };
  const drafted = draftChanges(changes, ({ stream }) => known.get(stream) ?? { version: 0, state: undefined }, {
    ...common,
    organizer: erasure.organizer,
    merchant: erasure.merchant,
    now,
    occurredAt: now,
    businessDate: erasure.businessDate ?? undefined,
    newEventId: eventIds(erasure.id, part),
  });
  const { events } = await log.appendInTransaction(tx, [
    { ...common, hash: createHash("sha256").update(`${erasure.id} ${part}`).digest("hex"), organizerId: erasure.organizer, merchantId: erasure.merchant, causationId: erasure.id, changes: drafted.map(({ change }) => change), counts: [], answer: "{}" },
  ]);
  return events;
}

function kind(of: "ticket" | "approval" | "cash-report", streams: readonly string[]) {
  return streams.map((stream) => ({ stream, kind: of }));
}

function eventIds(erasure: string, part: string): () => string {
  let made = 0;
  return () => prefixed("event", derivedUlid(erasure, `${part} ${++made}`));
}

/** Undefined: it says nothing of the guest. */
function closing(loaded: LoadedState, checks: readonly string[]): Change | undefined {
  const { stream } = loaded;
  switch (loaded.kind) {
    case "ticket": {
      const { state } = stateFrom("ticket", loaded) as { readonly state: StateOf["ticket"] };
      const names = state.customer !== null || mayNameGuest(state.label) || Object.values(state.items).some(({ notes, allergy }) => notes !== null || allergy.length > 0);
      return names ? { kind: "ticket", stream, events: [{ type: "sale.kitchen-ticket.guestErased", data: {} }] } : undefined;
    }
    case "approval": {
      const { state } = stateFrom("approval", loaded) as { readonly state: StateOf["approval"] };
      return mayNameGuest(state.label) ? { kind: "approval", stream, events: [{ type: "approval.guestErased", data: {} }] } : undefined;
    }
    case "cash-report": {
      const { state } = stateFrom("cash-report", loaded) as { readonly state: StateOf["cash-report"] };
      const open = state.report?.scope === "day" ? state.report.openChecks : [];
      const own = open.filter(({ check, label }) => checks.includes(check) && mayNameGuest(label));
      return own.length > 0 ? { kind: "cash-report", stream, events: [{ type: "cash.report.guestErased", data: { checks: own.map(({ check }) => check) } }] } : undefined;
    }
    default:
      return undefined;
  }
}
