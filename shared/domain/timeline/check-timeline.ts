import type { EventEnvelope } from "#shared/events/catalog.ts";
import { moneyOf } from "#shared/money/money.ts";
import { evolveCheck } from "../check/evolve.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import type { TimelineActor, TimelineEntry, TimelineStep } from "./entry.ts";
import { stepsBeside, stepsOf, type ApprovalSaid } from "./steps.ts";

/** What is known beside the check's own stream. */
export type Beside = {
  /** Events of other streams by the command that wrote them. */
  readonly events: ReadonlyMap<string, readonly EventEnvelope[]>;
  readonly approvals: ReadonlyMap<string, ApprovalSaid>;
  /** Names of staff and devices by id. */
  readonly names: ReadonlyMap<string, string>;
};

export function actorOf(actor: string, names: ReadonlyMap<string, string>): TimelineActor {
  const [kind = "system", id = null] = actor.split(":");
  if (kind === "staff" || kind === "device") return { kind, id, name: names.get(id ?? "") ?? null };
  return kind === "consumer" ? { kind, id, name: null } : { kind: "system", id: null, name: null };
}

/** Events of one command lie beside each other, for a command writes each stream once. */
function byCommand(events: readonly EventEnvelope[]): readonly (readonly EventEnvelope[])[] {
  const groups: EventEnvelope[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last?.[0]?.commandid === event.commandid) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

/**
 * Who did what to a check, when and with which amounts: one entry per command, in order. `before`: the check as the events found it;
 * undefined when they begin with its first.
 */
export function checkTimeline(events: readonly EventEnvelope[], before: CheckState | undefined, beside: Beside): { readonly entries: readonly TimelineEntry[]; readonly state: CheckState | undefined } {
  let state = before;
  let total = before ? BigInt(checkTotals(before).total) : 0n;
  const entries: TimelineEntry[] = [];
  for (const group of byCommand(events)) {
    const steps: TimelineStep[] = [];
    for (const event of group) {
      const after: CheckState = evolveCheck(state, event);
      steps.push(...stepsOf(event, state, after));
      state = after;
    }
    const [first, last] = [group[0], group.at(-1)];
    if (!state || !first || !last) continue;
    steps.push(...(beside.events.get(first.commandid) ?? []).flatMap((event) => stepsBeside(event, beside.approvals)));
    const totals = checkTotals(state);
    const money = (amount: bigint) => moneyOf(amount, totals.currency);
    entries.push({
      from: first.streamversion,
      version: last.streamversion,
      command: first.commandid,
      at: first.occurredat,
      recordedAt: first.time,
      businessDate: first.businessdate ?? null,
      actor: actorOf(first.actor, beside.names),
      steps,
      status: state.status,
      total: money(BigInt(totals.total)),
      change: money(BigInt(totals.total) - total),
      paid: money(BigInt(totals.paid)),
      due: money(BigInt(totals.due)),
    });
    total = BigInt(totals.total);
  }
  return { entries, state };
}
