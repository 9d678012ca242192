import type { TransactionSql } from "#hub/db/client.ts";
import type { BookedStock } from "./stock-postings.ts";

/** What the books say of an ingredient: all that was posted (`ledger_post` keeps the sum), so whoever asks has posted what came before. */
export async function bookedStock(sql: TransactionSql, merchant: string, ingredient: string): Promise<BookedStock> {
  const [row] = await sql<{ value: string; opened: boolean }[]>`
    select value::text as value, opened from ledger_ingredient_values where merchant_id = ${merchant} and ingredient_id = ${ingredient}`;
  return { value: BigInt(row?.value ?? "0"), opened: row?.opened ?? false };
}
