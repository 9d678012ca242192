import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { ACCOUNTS } from "#shared/ledger/accounts.ts";
import { journalsOf, POSTED_TYPES } from "./postings.ts";

/** Posts sales, tenders and drawers. A merchant's books are one chain: a dead letter stops that merchant's postings until a person decides. */
export const ledgerConsumer: ConsumerDefinition = {
  group: "ledger",
  types: ["commerce.initialized", ...POSTED_TYPES],
  keys: ({ envelope }) => [envelope.merchantid ?? envelope.organizerid],
  policy: { deadLetterBlocksKey: true, replayable: false, batchSize: 200 },
  handle,
};

type JournalRow = {
  merchant_id: string;
  journal_id: string;
  event_id: string;
  event_type: string;
  currency: string;
  business_date: string;
  occurred_at: string;
  posted_at: string;
  memo: string;
};
type EntryRow = { merchant_id: string; journal_id: string; line: number; account: string; subject: string; amount: string };

async function handle(events: readonly ParsedEvent[], { sql }: HandlerContext): Promise<void> {
  const merchants: string[] = [];
  const journals: JournalRow[] = [];
  const entries: EntryRow[] = [];
  for (const parsed of events) {
    const event = parsed.envelope as EventEnvelope;
    const merchant = event.merchantid;
    if (merchant === undefined) throw new Error(`${event.type} ${event.id} names no merchant`);
    if (event.type === "commerce.initialized") merchants.push(merchant);
    for (const journal of journalsOf(event)) {
      if (event.businessdate === undefined) throw new Error(`${event.type} ${event.id} has no business date`);
      const id = `${event.id}/${journal.part}`;
      journals.push({
        merchant_id: merchant,
        journal_id: id,
        event_id: event.id,
        event_type: event.type,
        currency: journal.currency,
        business_date: event.businessdate,
        occurred_at: event.occurredat,
        posted_at: event.time,
        memo: journal.memo,
      });
      journal.legs.forEach((leg, line) =>
        entries.push({ merchant_id: merchant, journal_id: id, line, account: leg.account, subject: leg.subject, amount: leg.amount.toString() }),
      );
    }
  }
  if (merchants.length > 0) {
    const rows = merchants.flatMap((merchant_id) => ACCOUNTS.map((a) => ({ merchant_id, ...a })));
    await sql`insert into ledger_accounts ${sql(rows, "merchant_id", "account", "name", "kind")} on conflict do nothing`;
  }
  if (journals.length === 0) return;
  await post(sql, journals, entries);
}

/**
 * One statement a table: the journals that are new, their entries, and one sorted upsert of balances.
 * A journal that is there already brings neither entries nor balances.
 */
async function post(sql: HandlerContext["sql"], journals: readonly JournalRow[], entries: readonly EntryRow[]): Promise<void> {
  const inserted = await sql<{ merchant_id: string; journal_id: string; currency: string }[]>`
    insert into ledger_journals ${sql(journals, "merchant_id", "journal_id", "event_id", "event_type", "currency", "business_date", "occurred_at", "posted_at", "memo")}
    on conflict (merchant_id, journal_id) do nothing
    returning merchant_id, journal_id, currency`;
  const currencies = new Map(inserted.map((row) => [row.journal_id, row.currency]));
  const fresh = entries.filter((entry) => currencies.has(entry.journal_id));
  if (fresh.length === 0) return;
  await sql`insert into ledger_entries ${sql(fresh, "merchant_id", "journal_id", "line", "account", "subject", "amount")}`;
  const balances = sumBalances(fresh, currencies);
  await sql`
    insert into ledger_balances ${sql(balances, "merchant_id", "account", "currency", "debit", "credit")}
    on conflict (merchant_id, account, currency) do update
      set debit = ledger_balances.debit + excluded.debit, credit = ledger_balances.credit + excluded.credit`;
}

type BalanceRow = { merchant_id: string; account: string; currency: string; debit: string; credit: string };

/** Sorted, so that two owners of different shards never wait for each other's rows crosswise. */
function sumBalances(entries: readonly EntryRow[], currencies: ReadonlyMap<string, string>): BalanceRow[] {
  const sums = new Map<string, { row: Omit<BalanceRow, "debit" | "credit">; debit: bigint; credit: bigint }>();
  for (const entry of entries) {
    const currency = currencies.get(entry.journal_id) ?? "";
    const key = `${entry.merchant_id} ${entry.account} ${currency}`;
    const sum = sums.get(key) ?? { row: { merchant_id: entry.merchant_id, account: entry.account, currency }, debit: 0n, credit: 0n };
    const amount = BigInt(entry.amount);
    if (amount > 0n) sum.debit += amount;
    else sum.credit -= amount;
    sums.set(key, sum);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { row, debit, credit }]) => ({ ...row, debit: debit.toString(), credit: credit.toString() }));
}
