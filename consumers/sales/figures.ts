import type { TransactionSql } from "#hub/db/client.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Payout, RefundDocument } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { CheckTotals, Tender } from "#shared/events/sale-check.ts";

type Key = Readonly<Record<string, string | boolean>>;
type Sums = Record<string, bigint>;
type Rows = Map<string, { readonly key: Key; readonly sums: Sums }>;
type Day = { readonly merchant: string; readonly date: string };
type Of<T extends EventEnvelope["type"]> = Extract<EventEnvelope, { type: T }>;
type Taken = { readonly tender: Tender; readonly overpaid?: Money | undefined };
type Receipts = { first: string; last: string };

/** What each table is keyed by, and what it adds up. */
const TABLES = {
  sales_days: { key: ["merchant_id", "business_date", "currency"], sums: ["checks", "net", "service_charge", "tax", "total", "discounts", "comps", "stored_value", "reversals", "reversed", "returned_net", "returned_tax", "returned_value", "rounding", "lost", "returned_tips", "returned_rounding", "returned_overpaid", "returned_prepaid", "given_up"] },
  sales_tenders: { key: ["merchant_id", "business_date", "currency", "method"], sums: ["payments", "amount", "rounding", "tips", "overpaid", "forfeited"] },
  sales_refunds: { key: ["merchant_id", "business_date", "currency", "method"], sums: ["refunds", "amount", "rounding"] },
  sales_accounts: { key: ["merchant_id", "business_date", "currency", "method"], sums: ["paid_count", "paid", "paid_out_count", "paid_out", "rounding"] },
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
    const { currency, net, serviceCharge, tax, total, storedValue = "0", rounding = "0", adjustments = [], taxes } = totals;
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
      rounding: BigInt(rounding),
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
  tender(at: Day, { tender, overpaid }: Taken, sign: 1n | -1n): void {
    const { method, amount, tip, roundingDifference } = tender;
    const minor = BigInt(amount.amount);
    this.#tender(at, tender, {
      payments: sign,
      amount: sign * minor,
      rounding: method === "cash" ? sign * BigInt(roundingDifference.amount) : 0n,
      tips: sign * BigInt(tip.amount),
      overpaid: sign * BigInt(overpaid?.amount ?? "0"),
    });
    if (sign === -1n) this.#day(at, amount.currency, { reversals: 1n, reversed: minor });
  }

  #tender({ merchant, date }: Day, { method, amount: { currency } }: Tender, sums: Sums): void {
    this.#add("sales_tenders", { merchant_id: merchant, business_date: date, currency, method }, sums);
  }

  #day({ merchant, date }: Day, currency: string, sums: Sums): void {
    this.#add("sales_days", { merchant_id: merchant, business_date: date, currency }, sums);
  }

  /** A payment that was too much pays for more. */
  applied(at: Day, tender: Tender, amount: bigint): void {
    this.#tender(at, tender, { amount, overpaid: -amount });
  }

  tip(at: Day, tender: Tender, more: bigint): void {
    this.#tender(at, tender, { tips: more });
  }

  /** The provider took another amount: what is more is the guest's, what never comes pays for a check all the same. */
  corrected(at: Day, { tender, toGuest, missing }: Of<"payment.attempt.amountCorrected">["data"]): void {
    this.#tender(at, tender, { amount: -BigInt(missing.amount), overpaid: BigInt(toGuest.amount) });
    this.lost(at, missing, 1n);
  }

  /** What pays for a closed check and is not there; `sign` -1: it was found. */
  lost(at: Day, { amount, currency }: Money, sign: 1n | -1n): void {
    this.#day(at, currency, { lost: sign * BigInt(amount) });
  }

  /** Of a voucher's value, what its check did not need. */
  forfeited({ merchant, date }: Day, { amount, currency }: Money, sign: 1n | -1n): void {
    this.#add("sales_tenders", { merchant_id: merchant, business_date: date, currency, method: "voucher" }, { forfeited: sign * BigInt(amount) });
  }

  /** Approved: net with the service charge, tax and gift cards go back, as the books post it; `sign` -1: it was cancelled. */
  returned({ merchant, date }: Day, document: RefundDocument, sign: 1n | -1n): void {
    const day = { merchant_id: merchant, business_date: date, currency: document.currency };
    const { net, serviceCharge, tax, rounding = "0", cards = [], tip, overpaid, prepaid = "0" } = document;
    this.#add("sales_days", day, {
      returned_net: sign * (BigInt(net) + BigInt(serviceCharge)),
      returned_tax: sign * BigInt(tax),
      returned_value: sign * cards.reduce((sum, { amount }) => sum + BigInt(amount.amount), 0n),
      returned_tips: sign * BigInt(tip),
      returned_rounding: sign * BigInt(rounding),
      returned_overpaid: sign * BigInt(overpaid),
      returned_prepaid: sign * BigInt(prepaid),
    });
    const signed = (minor: string) => (sign * BigInt(minor)).toString();
    this.#tax(day, true, document.taxes.map((row) => ({ ...row, base: signed(row.base), tax: signed(row.tax) })));
  }

  /** A payout as it left the house, tip and rounding in it; `sign` -1: it was found not to have left, on whatever day, whose paper counts no fewer for it. */
  refund(at: Day, { by, method, amount, tip, rounding }: Payout, sign: 1n | -1n): void {
    const coins = BigInt(rounding.amount);
    this.#refund(at, by === "cash" ? "cash" : method, amount.currency, { refunds: sign === 1n ? 1n : 0n, amount: sign * (BigInt(amount.amount) + BigInt(tip.amount) + coins), rounding: sign * coins });
  }

  /** The provider paid it, too: it has left by its own way. */
  paidLate(at: Day, { method, amount, tip }: Payout): void {
    this.#refund(at, method, amount.currency, { refunds: 1n, amount: BigInt(amount.amount) + BigInt(tip.amount) });
  }

  /** What the guest had twice came back in coins, or is the guest's. */
  paidLateResolved(at: Day, { payout: { amount, tip }, outcome }: Of<"payment.refund.paidLateResolved">["data"]): void {
    const minor = BigInt(amount.amount) + BigInt(tip.amount);
    if (outcome === "returned") this.#refund(at, "cash", amount.currency, { amount: -minor });
    else this.#day(at, amount.currency, { given_up: minor });
  }

  #refund({ merchant, date }: Day, method: string, currency: string, sums: Sums): void {
    this.#add("sales_refunds", { merchant_id: merchant, business_date: date, currency, method }, sums);
  }

  /** A house account is paid (`sign` 1), or gets back what it had too much, in coins that exist. */
  account({ merchant, date }: Day, { method, amount, rounding }: Of<"payment.house-account.paid">["data"], sign: 1n | -1n): void {
    const [coins, way] = [BigInt(rounding.amount), sign === 1n ? "paid" : "paid_out"];
    this.#add("sales_accounts", { merchant_id: merchant, business_date: date, currency: amount.currency, method }, { [`${way}_count`]: 1n, [way]: BigInt(amount.amount) + coins, rounding: sign * coins });
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
