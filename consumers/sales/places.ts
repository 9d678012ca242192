import type { TransactionSql } from "#hub/db/client.ts";
import { openBusinessDate } from "#shared/domain/business-date.ts";

/** Up to which day each place was closed, as this consumer has seen it: the order of the log decides, not the hub's clock. */
export class Places {
  readonly #through: Map<string, string>;

  private constructor(through: Map<string, string>) {
    this.#through = through;
  }

  static async load(sql: TransactionSql, merchants: readonly string[]): Promise<Places> {
    const rows = await sql<{ merchant_id: string; through: string }[]>`select merchant_id, closed_through::text as through from sales_places where merchant_id = any(${[...merchants]})`;
    return new Places(new Map(rows.map(({ merchant_id, through }) => [merchant_id, through])));
  }

  /** What was dated a moment before its day was closed is late: it joins the open day. */
  openDate(merchant: string, dated: string): string {
    return openBusinessDate(dated, this.#through.get(merchant) ?? null);
  }

  async close(sql: TransactionSql, merchant: string, through: string): Promise<void> {
    this.#through.set(merchant, through);
    await sql`
      insert into sales_places as p (merchant_id, closed_through) values (${merchant}, ${through})
      on conflict (merchant_id) do update set closed_through = greatest(p.closed_through, excluded.closed_through)`;
  }
}
