import type { TransactionSql } from "#hub/db/client.ts";
import { openBusinessDate } from "#shared/domain/business-date.ts";

/** Each consumer keeps its own, since each is at a place of its own in the log. */
export type PlacesTable = "sales_places" | "ledger_places";

/** Up to which day each place was closed, as this consumer has seen it: the order of the log decides, not the hub's clock. */
export class Places {
  readonly #table: PlacesTable;
  readonly #through: Map<string, string>;

  private constructor(table: PlacesTable, through: Map<string, string>) {
    this.#table = table;
    this.#through = through;
  }

  static async load(sql: TransactionSql, table: PlacesTable, merchants: readonly string[]): Promise<Places> {
    const rows = await sql<{ merchant_id: string; through: string }[]>`select merchant_id, closed_through::text as through from ${sql(table)} where merchant_id = any(${[...merchants]})`;
    return new Places(table, new Map(rows.map(({ merchant_id, through }) => [merchant_id, through])));
  }

  /** What was dated a moment before its day was closed is late: it joins the open day. */
  openDate(merchant: string, dated: string): string {
    return openBusinessDate(dated, this.#through.get(merchant) ?? null);
  }

  async close(sql: TransactionSql, merchant: string, through: string): Promise<void> {
    this.#through.set(merchant, through);
    await sql`
      insert into ${sql(this.#table)} as p (merchant_id, closed_through) values (${merchant}, ${through})
      on conflict (merchant_id) do update set closed_through = greatest(p.closed_through, excluded.closed_through)`;
  }
}
