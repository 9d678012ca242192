import { loadActive } from "#hub/log/load.ts";
import { heads } from "#hub/log/read.ts";
import { readEpoch } from "#hub/log/epoch.ts";
import type { LoadedState } from "#hub/log/types.ts";
import { loadRefs, refreshed } from "#hub/commands/load.ts";
import { stateFrom } from "#hub/log/states.ts";
import type { Session } from "#hub/commands/session.ts";
import { setTenant, type TransactionSql } from "#hub/db/client.ts";
import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import { blindDrawer, seesExpected } from "#shared/domain/cash/blind.ts";
import { countdownStream } from "#shared/domain/streams.ts";
import type { EventType } from "#shared/events/catalog.ts";
import { maySee, topicOf } from "#shared/protocol/topics.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import { shardOf } from "#shared/shards.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };
export type SnapshotAggregate = { readonly kind: AggregateKind; readonly stream: string; readonly version: number; readonly state: unknown };
export type Snapshot = {
  readonly epoch: string;
  readonly cursor: Cursor;
  readonly serverTime: string;
  readonly merchant: string;
  readonly aggregates: readonly SnapshotAggregate[];
};

/** Every kind that a screen may hold, with an event of it: who may see the event may see the state (RT-1). */
const SHOWN: { readonly [K in AggregateKind]?: EventType } = {
  merchant: "commerce.merchant.created",
  staff: "identity.staff.created",
  device: "identity.device.paired",
  category: "catalog.category.created",
  product: "catalog.product.created",
  ingredient: "stock.ingredient.created",
  countdown: "stock.countdown.set",
  table: "commerce.table.added",
  party: "allocation.usage.seated",
  order: "sale.order.created",
  check: "sale.check.created",
  ticket: "sale.kitchen-ticket.created",
  drawer: "cash.drawer.opened",
  payment: "payment.transaction.created",
  refund: "payment.refund.created",
  "house-account": "payment.house-account.opened",
  document: "document.file.requested",
  approval: "approval.requested",
  "print-job": "printing.job.queued",
  printer: "printing.printer.changed",
};
/** Shown by what they belong to, not by their own state. */
const OF_ORDERS: ReadonlySet<AggregateKind> = new Set(["ticket", "print-job"]);

/** RT-2: what is now, with the place in the log that it is of: one REPEATABLE READ, read only. */
export async function snapshot(hub: Hub, tenant: Tenant, session: Session): Promise<Snapshot> {
  const capabilities = new Set<string>(session.capabilities);
  const kinds = (Object.keys(SHOWN) as AggregateKind[]).filter((kind) => {
    const topic = topicOf(SHOWN[kind] ?? "");
    return topic !== undefined && maySee(topic, capabilities);
  });
  const taken = await hub.sql.begin("isolation level repeatable read read only", async (tx) => {
    await setTenant(tx, tenant);
    const [epoch, positions] = await Promise.all([readEpoch(tx), heads(tx)]);
    const states = await statesOf(tx, tenant, kinds);
    return { epoch: epoch ?? "", positions, states };
  });
  const shards = new Set([shardOf(tenant.merchantId), shardOf(tenant.organizerId)]);
  return {
    epoch: taken.epoch,
    cursor: { epoch: taken.epoch, positions: Object.fromEntries([...shards].map((shard) => [String(shard), String(taken.positions[shard] ?? 0n)])) },
    serverTime: new Date(hub.now()).toISOString(),
    merchant: tenant.merchantId,
    aggregates: taken.states.filter((loaded) => !isOver(loaded, hub.now())).map((loaded) => {
      const kind = loaded.kind as AggregateKind;
      const { version, state } = stateFrom(kind, loaded);
      return { kind, stream: loaded.stream, version, state: kind === "drawer" && !seesExpected(session.capabilities) ? blindDrawer(state as StateOf["drawer"]) : state };
    }),
  };
}

/** Nobody answers an old request, and no event says that it is over. */
function isOver({ kind, head }: LoadedState, now: number): boolean {
  return kind === "approval" && Date.parse((head as StateOf["approval"]).expiresAt) <= now;
}

async function statesOf(tx: TransactionSql, tenant: Tenant, kinds: readonly AggregateKind[]): Promise<readonly LoadedState[]> {
  const active = await loadActive(tx, tenant.merchantId, kinds.filter((kind) => !OF_ORDERS.has(kind)));
  const staff = kinds.includes("staff") ? await staffOf(tx, tenant.organizerId) : [];
  const guests = await ofSeatedParties(tx, active, kinds);
  const ended = kinds.includes("payment") ? await endedOn(tx, [...active, ...guests]) : [];
  const accounts = kinds.includes("house-account") ? await accountsOn(tx, [...active, ...guests]) : [];
  const orders = [...active, ...guests].filter(({ kind }) => kind === "order");
  const work = await workOf(tx, tenant, orders, kinds.filter((kind) => OF_ORDERS.has(kind)));
  const counts = kinds.includes("countdown") ? await countsOf(tx, tenant.merchantId) : [];
  return [...(await refreshed(tx, [...active, ...staff, ...guests, ...ended, ...accounts, ...work])), ...counts];
}

/** DOM-19: the count is the log's own row; a product that is not counted has none to show. */
async function countsOf(tx: TransactionSql, merchant: string): Promise<readonly LoadedState[]> {
  const rows = await tx<{ product: string }[]>`select product from countdowns where merchant_id = ${merchant} and remaining is not null`;
  return loadRefs(tx, rows.map(({ product }) => ({ kind: "countdown", stream: countdownStream(product) })));
}

async function staffOf(tx: TransactionSql, organizer: string): Promise<readonly LoadedState[]> {
  const rows = await tx<{ stream: string }[]>`
    select stream from aggregates where merchant_id is null and organizer_id = ${organizer} and kind = 'staff' and active`;
  return loadRefs(tx, rows.map(({ stream }) => ({ kind: "staff", stream })));
}

/** A party that has paid and still sits: its order and check are over, its table is not. */
async function ofSeatedParties(tx: TransactionSql, active: readonly LoadedState[], kinds: readonly AggregateKind[]): Promise<readonly LoadedState[]> {
  const shown = new Set(active.map(({ stream }) => stream));
  const parties = active.filter(({ kind }) => kind === "party").map(({ head }) => (head as StateOf["party"]).order);
  const missing = parties.filter((order) => !shown.has(order));
  const orders = missing.length === 0 ? [] : (await loadRefs(tx, missing.map((stream) => ({ kind: "order", stream })))).filter(({ version }) => version > 0);
  if (!kinds.includes("check")) return orders;
  const all = [...orders, ...active.filter(({ kind }) => kind === "order")];
  const load = async (streams: readonly string[]) => {
    const missing = [...new Set(streams)].filter((stream) => !shown.has(stream));
    for (const stream of missing) shown.add(stream);
    return missing.length === 0 ? [] : (await loadRefs(tx, missing.map((stream) => ({ kind: "check", stream })))).filter(({ version }) => version > 0);
  };
  const checks = (states: readonly LoadedState[]) => states.filter(({ kind }) => kind === "check").map(({ head }) => head as StateOf["check"]);
  const closed = await load(all.map(({ head }) => (head as StateOf["order"]).defaultCheck));
  // DOM-11: a screen shows all parts of a bill, those that are closed too. The first of a family names its members.
  const first = await load(checks([...active, ...closed]).flatMap(({ family }) => family ?? []));
  const members = await load(checks([...active, ...closed, ...first]).flatMap(({ members: own }) => own ?? []));
  return [...orders, ...closed, ...first, ...members];
}

/** A payment that came to nothing is over; whoever is at its bill has to know why there is none. */
async function endedOn(tx: TransactionSql, states: readonly LoadedState[]): Promise<readonly LoadedState[]> {
  const shown = new Set(states.map(({ stream }) => stream));
  const checks = states.filter(({ kind }) => kind === "check").map(({ head }) => head as StateOf["check"]);
  const missing = checks.flatMap(({ ended }) => (ended === undefined || shown.has(ended) ? [] : [ended]));
  return missing.length === 0 ? [] : loadRefs(tx, missing.map((stream) => ({ kind: "payment", stream })));
}

/** Accounts that were closed since they paid a bill, or brought something to a drawer: there they are called as they are called now (ADR 14). */
async function accountsOn(tx: TransactionSql, states: readonly LoadedState[]): Promise<readonly LoadedState[]> {
  const shown = new Set(states.map(({ stream }) => stream));
  const named = states.flatMap(({ kind, head }): readonly { readonly account?: string | undefined }[] => {
    if (kind === "check") return (head as StateOf["check"]).tenders;
    return kind === "drawer" ? (head as StateOf["drawer"]).movements : [];
  });
  const missing = new Set(named.flatMap(({ account }) => (account === undefined || shown.has(account) ? [] : [account])));
  return missing.size === 0 ? [] : loadRefs(tx, [...missing].map((stream) => ({ kind: "house-account", stream })));
}

/** Ids carry their time: nothing of an order is older than the oldest order. Slips in trouble are shown for half a day. */
async function workOf(tx: TransactionSql, { merchantId }: Tenant, orders: readonly LoadedState[], kinds: readonly AggregateKind[]): Promise<readonly LoadedState[]> {
  const ids = orders.map(({ stream }) => stream);
  const times = orders.map(({ head }) => (head as StateOf["order"]).openedAt);
  const oldest = times.reduce((first, time) => (time < first ? time : first), "9999");
  const found: LoadedState[] = [];
  for (const kind of kinds) {
    const prefix = kind === "ticket" ? "tkt_" : "prt_";
    const rows = await tx<{ stream: string }[]>`
      select stream from aggregates
      where merchant_id = ${merchantId} and kind = ${kind} and kind in ('ticket', 'print-job')
        and stream >= ${prefix} || ulid_floor(least(now() - interval '12 hours', ${oldest === "9999" ? null : oldest}::timestamptz - interval '1 minute'))
        and (head->>'order' = any(${ids}) or (kind = 'ticket' and active) or head->>'status' in ('queued', 'unknown', 'failed'))`;
    found.push(...(await loadRefs(tx, rows.map(({ stream }) => ({ kind, stream })))));
  }
  return found;
}
