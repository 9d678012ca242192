import type { TransactionSql } from "#hub/db/client.ts";
import type { AccountCode } from "#shared/ledger/accounts.ts";
import type { BookedJournal } from "./journal.ts";

/** A journal as it is in the books, so that whoever asks has posted what came before; undefined when nothing was posted by this name. */
export async function bookedJournal(sql: TransactionSql, merchant: string, id: string): Promise<BookedJournal | undefined> {
  const rows = await sql<{ currency: string; account: AccountCode; subject: string; amount: string }[]>`
    select currency, account, subject, amount::text as amount from ledger_entries where merchant_id = ${merchant} and journal_id = ${id} order by line`;
  const [first] = rows;
  return first && { currency: first.currency, legs: rows.map(({ account, subject, amount }) => ({ account, subject, amount: BigInt(amount) })) };
}
