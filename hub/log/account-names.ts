import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { Tender } from "#shared/events/sale-check.ts";

/**
 * What house accounts are called now, in place of the codes that bills keep: a name that stands in one place is erased in one place, and people read it
 * everywhere the same.
 */
export async function withAccountNames<Of extends { readonly tenders: readonly Tender[] }>(sql: Sql | TransactionSql, of: Of): Promise<Of> {
  const accounts = of.tenders.flatMap(({ method, account }) => (method === "house-account" && account !== undefined ? [account] : []));
  if (accounts.length === 0) return of;
  const names = await accountNames(sql, accounts);
  return { ...of, tenders: of.tenders.map((tender) => ({ ...tender, ...(tender.account === undefined ? {} : referenceOf(names.get(tender.account))) })) };
}

function referenceOf(name: string | undefined): { readonly reference?: string } {
  return name === undefined ? {} : { reference: name };
}

async function accountNames(sql: Sql | TransactionSql, accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (accounts.length === 0) return new Map();
  const rows = await sql<{ stream: string; name: string }[]>`select stream, head->>'name' as name from aggregates where kind = 'house-account' and stream = any(${[...accounts]})`;
  return new Map(rows.map(({ stream, name }) => [stream, name]));
}
