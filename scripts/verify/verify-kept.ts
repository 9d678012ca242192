import type { Sql, TransactionSql } from "#hub/db/client.ts";

const LINE = /^(\S+) ([0-9a-f]{64})$/;

/**
 * Chains against their ends as they were kept elsewhere (`--heads`): a chain that was made anew, or cut off with all that tells of its end, does not hold a
 * link that it once ended with. `text`: what was kept, other lines included.
 */
export async function verifyKept(sql: Sql | TransactionSql, text: string): Promise<{ readonly kept: number; readonly gone: readonly string[] }> {
  const kept = text.split("\n").flatMap((line) => {
    const [, owner, hash] = LINE.exec(line.trim()) ?? [];
    return owner === undefined || hash === undefined ? [] : [{ owner, hash }];
  });
  const rows = await sql<{ owner: string }[]>`
    select k.owner from unnest(${kept.map(({ owner }) => owner)}::text[], ${kept.map(({ hash }) => hash)}::text[]) as k (owner, hash)
    where not exists (select from audit_chain c where c.owner_id = k.owner and c.hash = decode(k.hash, 'hex'))`;
  return { kept: kept.length, gone: rows.map(({ owner }) => owner) };
}
