import type { TransactionSql } from "#hub/db/client.ts";

export type DayOfMerchant = { readonly merchant: string; readonly businessDate: string };

type Row = { merchant_id: string; business_date: string; series: string; last: number };

/**
 * The day's counters of the merchants of one batch: read once, counted in memory, written once. The shard has one owner
 * (RUN-2), so nobody else counts meanwhile; a rollback takes the numbers back.
 */
export class DailyNumbers {
  readonly #last = new Map<string, Row>();
  readonly #changed = new Set<string>();

  static async load(sql: TransactionSql, days: readonly DayOfMerchant[]): Promise<DailyNumbers> {
    const numbers = new DailyNumbers();
    const rows = await sql<Row[]>`
      select merchant_id, business_date::text, series, last from kitchen_numbers
       where (merchant_id, business_date) in (
         select merchant, day::date from unnest(${days.map((d) => d.merchant)}::text[], ${days.map((d) => d.businessDate)}::text[]) as d (merchant, day))`;
    for (const row of rows) numbers.#last.set(keyOf(row.merchant_id, row.business_date, row.series), row);
    return numbers;
  }

  /** The next of the station's own tickets, or of the kitchen's sends (null). From 1. */
  next({ merchant, businessDate }: DayOfMerchant, station: string | null): number {
    const series = station ?? "";
    const key = keyOf(merchant, businessDate, series);
    const last = (this.#last.get(key)?.last ?? 0) + 1;
    this.#last.set(key, { merchant_id: merchant, business_date: businessDate, series, last });
    this.#changed.add(key);
    return last;
  }

  async save(sql: TransactionSql): Promise<void> {
    const rows = [...this.#changed].sort().flatMap((key) => this.#last.get(key) ?? []);
    if (rows.length === 0) return;
    await sql`
      insert into kitchen_numbers ${sql(rows, "merchant_id", "business_date", "series", "last")}
      on conflict (merchant_id, business_date, series) do update set last = excluded.last`;
  }
}

function keyOf(merchant: string, businessDate: string, series: string): string {
  return `${merchant} ${businessDate} ${series}`;
}
