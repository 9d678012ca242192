import type { TransactionSql } from "#hub/db/client.ts";
import type { BookedStock } from "./stock-postings.ts";

/** What the books say of an ingredient: all that was posted, so whoever asks has posted what came before. */
export async function bookedStock(sql: TransactionSql, merchant: string, ingredient: string): Promise<BookedStock> {
  const [row] = await sql<{ value: string; opened: boolean }[]>`
    select coalesce(sum(e.amount), 0)::text as value, coalesce(bool_or(j.event_type in ('stock.ingredient.counted', 'stock.ingredient.received')), false) as opened
      from ledger_entries e join ledger_journals j using (merchant_id, journal_id)
     where e.merchant_id = ${merchant} and e.account = '1300' and e.subject = ${ingredient}`;
  return { value: BigInt(row?.value ?? "0"), opened: row?.opened ?? false };
}
