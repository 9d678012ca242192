import type { TransactionSql } from "#hub/db/client.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { CheckTotals, Tender } from "#shared/events/sale-check.ts";

type Key = Readonly<Record<string, string | boolean>>;
type Sums = Record<string, bigint>;
type Rows = Map<string, { readonly key: Key; readonly sums: Sums }>;
type Day = { readonly merchant: string; readonly date: string };
type Receipts = { first: string; last: string };

/** What each table is keyed by, and what it adds up. */
const TABLES = {
  sales_days: { key: ["merchant_id", "business_date", "currency"], sums: ["checks", "net", "service_charge", "tax", "total", "discounts", "comps", "stored_value", "reversals", "reversed", "returned_net", "returned_tax", "returned_value"] },
  sales_tenders: { key: ["merchant_id", "business_date", "currency", "method"], sums: ["payments", "amount", "rounding", "tips"] },
  sales_refunds: { key: ["merchant_id", "business_date", "currency", "method"], sums: ["refunds", "amount"] },
  sales_accounts: { key: ["merchant_id", "business_date", "currency", "method"], sums: ["paid_count", "paid", "paid_out_count", "paid_out"] },
  sales_taxes: { key: ["merchant_id", "business_date", "currency", "returned", "code", "rate", "inclusive", "name"], sums: ["base", "tax"] },
} as const;
type Table = keyof typeof TABLES;

/** Adds up a batch in memory, so that each row of the day is written once a batch. */
export class Figures {
  readonly #rows: Readonly<Record<Table, Rows>> = { sales_days: new Map(), sales_tenders: new Map(), sales_refunds: new Map(), sales_accounts: new Map(), sales_taxes: new Map() };
  readonly #receipts = new Map<string, Day & { readonly currency: string } & Receipts>();

  #add(table: Table, key: Key, sums: Sums): void {
    const rows = this.#rows[table];
    const name = JSON.stringify(TABLES[table].key.map((column) => key[column]));
    const row = rows.get(name) ?? { key, sums: Object.fromEntries(TABLES[table].sums.map((sum) => [sum, 0n])) };
    for (const [sum, value] of Object.entries(sums)) row.sums[sum] = (row.sums[sum] ?? 0n) + value;
    rows.set(name, row);
  }

  /** Sales count at check close (DOM-17). */
  sale({ merchant, date }: Day, number: string, totals: CheckTotals): void {
    const { currency, net, serviceCharge, tax, total, storedValue = "0", adjustments = [], taxes } = totals;
    const off = (comp: boolean) => adjustments.reduce((sum, { kind, net: less }) => ((kind !== "discount") === comp ? sum + BigInt(less) : sum), 0n);
    const day = { merchant_id: merchant, business_date: date, currency };
    this.#add("sales_days", day, {
      checks: 1n,
      net: BigInt(net),
      service_charge: BigInt(serviceCharge),
      tax: BigInt(tax),
      total: BigInt(total),
      discounts: off(false),
      comps: off(true),
      stored_value: BigInt(storedValue),
    });
    this.#tax(day, false, taxes);
    const receipts = this.#receipts.get(`${merchant} ${date} ${currency}`);
    if (receipts) receipts.last = number;
    else this.#receipts.set(`${merchant} ${date} ${currency}`, { merchant, date, currency, first: number, last: number });
  }

  #tax(day: Key, returned: boolean, taxes: readonly { readonly code: string; readonly name: string; readonly rate: string; readonly inclusive: boolean; readonly base: string; readonly tax: string }[]): void {
    for (const { code, name, rate, inclusive, base, tax } of taxes) this.#add("sales_taxes", { ...day, returned, code, rate, inclusive, name }, { base: BigInt(base), tax: BigInt(tax) });
  }

  /** Money counts on its own date. `sign` -1: taken back. */
  tender({ merchant, date }: Day, tender: Tender, sign: 1n | -1n): void {
    const { method, amount, tip, roundingDifference } = tender;
    const day = { merchant_id: merchant, business_date: date, currency: amount.currency };
    const minor = BigInt(amount.amount);
    this.#add("sales_tenders", { ...day, method }, {
      payments: sign,
      amount: sign * minor,
      rounding: method === "cash" ? sign * BigInt(roundingDifference.amount) : 0n,
      tips: sign * BigInt(tip.amount),
    });
    if (sign === -1n) this.#add("sales_days", day, { reversals: 1n, reversed: minor });
  }

  /** A payment that was counted already pays for more. */
  more({ merchant, date }: Day, { method, amount: { currency } }: Tender, amount: bigint): void {
    this.#add("sales_tenders", { merchant_id: merchant, business_date: date, currency, method }, { amount });
  }

  tip({ merchant, date }: Day, { method }: Tender, more: { readonly amount: bigint; readonly currency: string }): void {
    this.#add("sales_tenders", { merchant_id: merchant, business_date: date, currency: more.currency, method }, { tips: more.amount });
  }

  /** Approved: net with the service charge, tax and gift cards go back, as the books post it; `sign` -1: it was cancelled. */
  returned({ merchant, date }: Day, document: Extract<EventEnvelope, { type: "payment.refund.created" }>["data"], sign: 1n | -1n): void {
    const day = { merchant_id: merchant, business_date: date, currency: document.currency };
    const { net, serviceCharge, tax, cards = [] } = document;
    this.#add("sales_days", day, {
      returned_net: sign * (BigInt(net) + BigInt(serviceCharge)),
      returned_tax: sign * BigInt(tax),
      returned_value: sign * cards.reduce((sum, { amount }) => sum + BigInt(amount.amount), 0n),
    });
    const signed = (minor: string) => (sign * BigInt(minor)).toString();
    this.#tax(day, true, document.taxes.map((row) => ({ ...row, base: signed(row.base), tax: signed(row.tax) })));
  }

  refund({ merchant, date }: Day, method: string, amount: { readonly amount: bigint; readonly currency: string }): void {
    this.#add("sales_refunds", { merchant_id: merchant, business_date: date, currency: amount.currency, method }, { refunds: 1n, amount: amount.amount });
  }

  /** A house account is paid, or gets back what it had too much. */
  account({ merchant, date }: Day, way: "paid" | "paid_out", method: string, { amount, currency }: { readonly amount: bigint; readonly currency: string }): void {
    this.#add("sales_accounts", { merchant_id: merchant, business_date: date, currency, method }, { [`${way}_count`]: 1n, [way]: amount });
  }

  /** One statement a table, sent together; rows in the order of their keys. */
  async flush(sql: TransactionSql): Promise<void> {
    await Promise.all((Object.keys(TABLES) as Table[]).map((table) => this.#flushTable(sql, table)));
    const receipts = [...this.#receipts.values()];
    this.#receipts.clear();
    await Promise.all(
      receipts.map(
        ({ merchant, date, currency, first, last }) => sql`
          update sales_days set first_receipt = coalesce(first_receipt, ${first}), last_receipt = ${last}
          where merchant_id = ${merchant} and business_date = ${date} and currency = ${currency}`,
      ),
    );
  }

  async #flushTable(sql: TransactionSql, table: Table): Promise<void> {
    const rows = [...this.#rows[table]].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { key, sums }]) => ({ ...key, ...Object.fromEntries(Object.entries(sums).map(([sum, value]) => [sum, value.toString()])) }));
    if (rows.length === 0) return;
    this.#rows[table].clear();
    const { key, sums } = TABLES[table];
    const columns = [...key, ...sums];
    await sql`
      insert into ${sql(table)} as old (${sql(columns)})
      select ${sql(columns)} from jsonb_populate_recordset(null::${sql(table)}, ${JSON.stringify(rows)}::text::jsonb)
      on conflict (${sql([...key])}) do update set ${sums.map((sum, i) => sql`${i === 0 ? sql`` : sql`, `}${sql(sum)} = ${sql(`old.${sum}`)} + ${sql(`excluded.${sum}`)}`)}`;
  }
}
