import { inTenant, type TransactionSql } from "#hub/db/client.ts";
import { withAccountNames } from "#hub/log/account-names.ts";
import { currentEvent } from "#hub/log/fold-stream.ts";
import { readStreamPage } from "#hub/log/read.ts";
import type { ApprovalState } from "#shared/domain/approval/state.ts";
import { evolveCheck } from "#shared/domain/check/evolve.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { commitmentInWords } from "#shared/domain/erased.ts";
import { actorOf, checkTimeline, type Beside } from "#shared/domain/timeline/check-timeline.ts";
import type { ApprovalSaid } from "#shared/domain/timeline/steps.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };

/** Events at a time. */
const CHUNK = 500;
/** A check of an evening has some dozens; what is longer is no check that a person reads. */
const LONGEST = 5_000;

async function eventsOf(tx: TransactionSql, stream: string, after: number, limit: number): Promise<readonly EventEnvelope[]> {
  return (await readStreamPage(tx, stream, after, limit)).map(({ text }) => currentEvent(stream, text));
}

type Folded = { readonly state: CheckState | undefined; readonly last: EventEnvelope | undefined };

/** The check as it was after a version of its stream, folded from the log: what the state says now is not asked. */
async function foldTo(tx: TransactionSql, check: string, version: number): Promise<Folded> {
  let state: CheckState | undefined;
  let last: EventEnvelope | undefined;
  for (let after = 0; after < version; after = last?.streamversion ?? version) {
    const events = await eventsOf(tx, check, after, Math.min(CHUNK, version - after));
    if (events.length === 0) break;
    for (const event of events) state = evolveCheck(state, event);
    last = events.at(-1);
  }
  return { state, last };
}

/** What the same commands wrote on other streams; after 90 days the log has forgotten which that was (LOG-4). */
async function besideOf(tx: TransactionSql, check: string, events: readonly EventEnvelope[]): Promise<Beside> {
  const commands = [...new Set(events.map(({ commandid }) => commandid))];
  const rows = await tx<{ envelope: string }[]>`
    select e.envelope from commands c join events e on e.shard = c.shard and e.position between c.from_position and c.to_position
    where c.command_id = any(${commands}) and e.stream <> ${check} and e.type in ('sale.order.itemVoided', 'approval.used')
    order by e.shard, e.position`;
  const others = rows.map(({ envelope }) => currentEvent(check, envelope));
  const byCommand = new Map<string, readonly EventEnvelope[]>();
  for (const event of others) byCommand.set(event.commandid, [...(byCommand.get(event.commandid) ?? []), event]);
  const approvals = await approvalsOf(tx, others.filter(({ type }) => type === "approval.used").map(({ subject }) => subject));
  return { events: byCommand, approvals, names: await namesOf(tx, events) };
}

async function approvalsOf(tx: TransactionSql, streams: readonly string[]): Promise<ReadonlyMap<string, ApprovalSaid>> {
  if (streams.length === 0) return new Map();
  const rows = await tx<{ stream: string; head: ApprovalState }[]>`select stream, head from aggregates where kind = 'approval' and stream = any(${[...streams]})`;
  return new Map(rows.map(({ stream, head }) => [stream, { action: head.action, by: head.decidedBy?.name ?? "", inPlace: head.inPlace }]));
}

/** People who have left are named too: their records stay. */
async function namesOf(tx: TransactionSql, events: readonly EventEnvelope[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(events.map(({ actor }) => actor.slice(actor.indexOf(":") + 1)))];
  const rows = await tx<{ stream: string; name: string | null }[]>`select stream, head->>'name' as name from aggregates where stream = any(${ids}) and kind in ('staff', 'device')`;
  return new Map(rows.flatMap(({ stream, name }) => (name === null ? [] : [[stream, name] as const])));
}

/** One entry per command, oldest first; `next` is the `after` of the page that follows, null at the end. Undefined: no such check. */
export async function checkHistory(hub: Pick<Hub, "sql">, tenant: Tenant, { check, after, limit }: { readonly check: string; readonly after: number; readonly limit: number }) {
  return inTenant(hub.sql, tenant, async (tx) => {
    const before = await foldTo(tx, check, after);
    if (after > 0 && before.last?.streamversion !== after) return undefined;
    const read = await eventsOf(tx, check, after, limit + 1);
    if (after === 0 && read.length === 0) return undefined;
    const page = await namedPayments(tx, wholeCommands(read, limit));
    const { entries } = checkTimeline(page, before.state, await besideOf(tx, check, page));
    const end = page.at(-1)?.streamversion ?? after;
    return { check, entries, next: read.length > page.length ? end : null };
  });
}

async function namedPayments(tx: TransactionSql, events: readonly EventEnvelope[]): Promise<readonly EventEnvelope[]> {
  const { tenders } = await withAccountNames(tx, { tenders: events.flatMap((event) => (event.type === "sale.check.paymentApplied" ? [event.data.tender] : [])) });
  const byPayment = new Map(tenders.map((tender) => [tender.payment, tender]));
  return events.map((event) => (event.type === "sale.check.paymentApplied" ? { ...event, data: { ...event.data, tender: byPayment.get(event.data.tender.payment) ?? event.data.tender } } : event));
}

/** The command that the page would cut is the next page's, unless it is all there is. */
function wholeCommands(read: readonly EventEnvelope[], limit: number): readonly EventEnvelope[] {
  const over = read[limit];
  if (over === undefined) return read;
  const page = read.slice(0, limit);
  const cut = page.findIndex(({ commandid }) => commandid === over.commandid);
  return cut > 0 ? page.slice(0, cut) : page;
}

/** Accounts by what they are called now; of a guest who was erased the log says what stands for the name. */
async function inWords(tx: TransactionSql, state: CheckState): Promise<CheckState> {
  return JSON.parse(commitmentInWords(JSON.stringify(await withAccountNames(tx, state)))) as CheckState;
}

/** The check as it was after `version` (of its own stream): state, totals, when, and who had just done what. Undefined: never so. */
export async function checkAt(hub: Pick<Hub, "sql">, tenant: Tenant, { check, version }: { readonly check: string; readonly version: number }) {
  return inTenant(hub.sql, tenant, async (tx) => {
    const { state, last } = await foldTo(tx, check, version);
    if (state === undefined || last?.streamversion !== version) return undefined;
    return { check, version, at: last.occurredat, recordedAt: last.time, actor: actorOf(last.actor, await namesOf(tx, [last])), state: await inWords(tx, state), totals: checkTotals(state) };
  });
}

export const HISTORY_BOUNDS = { page: 200, longest: LONGEST } as const;
