import { businessDateAt } from "#hub/commands/business-date.ts";
import { refreshed } from "#hub/commands/load.ts";
import { stateFrom } from "#hub/log/states.ts";
import { setTenant, type TransactionSql } from "#hub/db/client.ts";
import { loadActive } from "#hub/log/load.ts";
import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import { openBusinessDate } from "#shared/domain/business-date.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import type { TicketState } from "#shared/domain/ticket/state.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };
type SalesRow = { checks: number; net: string; service_charge: string; tax: string; total: string };
type RefundRow = { method: string; refunds: number; returned: string };
type TenderRow = { method: string; payments: number; taken: string; rounding: string; tips: string };
type StockRow = { ingredient_id: string; name: string; unit: string; on_hand: string; low_below: string };
type BalanceRow = { account: string; name: string; debit: string; credit: string };

/** RT-2: one moment, states and projections alike. What consumers have not applied yet is not in it (LOG-9). */
export async function report(hub: Hub, tenant: Tenant) {
  const now = hub.now();
  return hub.sql.begin("isolation level repeatable read read only", async (tx) => {
    await setTenant(tx, tenant);
    const states = await statesOf(tx, tenant.merchantId);
    const [merchant] = states.merchant;
    if (merchant === undefined) throw new Error(`${tenant.merchantId} has no state`);
    const { currency } = merchant;
    const day = openBusinessDate(businessDateAt(now, merchant.zone, merchant.cutOver), merchant.closedThrough ?? null);
    const money = moneyIn(currency);
    return {
      businessDate: day,
      currency,
      at: new Date(now).toISOString(),
      sales: await salesOf(tx, tenant.merchantId, day, currency),
      openChecks: openChecks(states.check, money),
      kitchen: kitchenOf(merchant, states.ticket),
      lowStock: await lowStock(tx, tenant.merchantId),
      trialBalance: await trialBalance(tx, tenant.merchantId, currency),
      printers: merchant.printers.map(({ printer, name }) => {
        const known = states.printer.find(({ id }) => id === printer);
        return { printer, name, online: known?.online ?? null, cause: known?.cause ?? null, waiting: known?.waiting ?? 0 };
      }),
    };
  });
}

async function statesOf(tx: TransactionSql, merchant: string) {
  const loaded = await refreshed(tx, await loadActive(tx, merchant, ["merchant", "check", "ticket", "printer"]));
  const of = <K extends AggregateKind>(kind: K) => loaded.filter((state) => state.kind === kind).map((state) => stateFrom(kind, state).state as StateOf[K]);
  return { merchant: of("merchant"), check: of("check"), ticket: of("ticket"), printer: of("printer") };
}

function moneyIn(currency: string) {
  return (minor: bigint | string): Money => ({ amount: minor.toString(), currency });
}

async function salesOf(tx: TransactionSql, merchant: string, day: string, currency: string) {
  const money = moneyIn(currency);
  const [sales] = await tx<SalesRow[]>`
    select checks, net::text, service_charge::text, tax::text, total::text from sales_days
    where merchant_id = ${merchant} and business_date = ${day} and currency = ${currency}`;
  const tenders = await tx<TenderRow[]>`
    select method, payments, (amount + rounding)::text as taken, rounding::text, tips::text from sales_tenders
    where merchant_id = ${merchant} and business_date = ${day} and currency = ${currency} order by method`;
  const refunds = await tx<RefundRow[]>`
    select method, refunds, amount::text as returned from sales_refunds
    where merchant_id = ${merchant} and business_date = ${day} and currency = ${currency} order by method`;
  const checks = sales?.checks ?? 0;
  const gross = BigInt(sales?.total ?? "0");
  return {
    checks,
    gross: money(gross),
    net: money(sales?.net ?? "0"),
    serviceCharge: money(sales?.service_charge ?? "0"),
    tax: money(sales?.tax ?? "0"),
    average: money(checks === 0 ? 0n : gross / BigInt(checks)),
    // CHK-16: with rounding, so that cash and its tips are what the drawers expect.
    methods: tenders.map(({ method, payments, taken, rounding, tips }) => ({ method, payments, amount: money(taken), rounding: money(rounding), tips: money(tips) })),
    refunds: refunds.map(({ method, refunds: count, returned }) => ({ method, count, amount: money(returned) })),
  };
}

function openChecks(checks: readonly StateOf["check"][], money: (minor: bigint) => Money) {
  const due = checks.reduce((sum, check) => sum + BigInt(checkTotals(check).due), 0n);
  return { count: checks.length, due: money(due) };
}

function kitchenOf(merchant: StateOf["merchant"], tickets: readonly TicketState[]) {
  // The pass has no tickets of its own: it shows everybody's.
  return merchant.stations.filter(({ kind }) => kind === "prep").map(({ station, name, kind }) => {
    const own = tickets.filter((ticket) => ticket.station === station);
    const fired = own.filter((ticket) => ticket.status === "open");
    return {
      station,
      name,
      kind,
      held: own.filter((ticket) => ticket.status === "held").length,
      open: fired.length,
      tickets: fired
        .map(({ id, number, label, mark, firedAt, createdAt, items }) => ({ ticket: id, number, label, mark, since: firedAt ?? createdAt, items: Object.keys(items).length }))
        .sort((a, b) => a.since.localeCompare(b.since)),
    };
  });
}

async function lowStock(tx: TransactionSql, merchant: string) {
  const rows = await tx<StockRow[]>`
    select ingredient_id, name, unit, trim_scale(on_hand)::text as on_hand, trim_scale(low_below)::text as low_below from stock_levels
    where merchant_id = ${merchant} and on_hand < low_below order by on_hand / nullif(low_below, 0), name`;
  return rows.map(({ ingredient_id, name, unit, on_hand, low_below }) => ({ ingredient: ingredient_id, name, unit, onHand: on_hand, lowBelow: low_below }));
}

async function trialBalance(tx: TransactionSql, merchant: string, currency: string) {
  const money = moneyIn(currency);
  const rows = await tx<BalanceRow[]>`
    select b.account, a.name, b.debit::text, b.credit::text from ledger_balances b join ledger_accounts a using (merchant_id, account)
    where b.merchant_id = ${merchant} and b.currency = ${currency} and (b.debit <> 0 or b.credit <> 0) order by b.account`;
  const sum = (side: "debit" | "credit") => rows.reduce((total, row) => total + BigInt(row[side]), 0n);
  const [debit, credit] = [sum("debit"), sum("credit")];
  return {
    accounts: rows.map(({ account, name, debit: d, credit: c }) => ({ account, name, debit: money(d), credit: money(c) })),
    debit: money(debit),
    credit: money(credit),
    balanced: debit === credit,
  };
}
