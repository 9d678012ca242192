import type { TransactionSql } from "#hub/db/client.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Journal } from "./journal.ts";

/** What is written of an event beside its journals. `businessDate`: the open day that it joins, `YYYY-MM-DD`. */
export type PostedEvent = Pick<EventEnvelope, "id" | "type" | "occurredat" | "time"> & { readonly merchant: string; readonly businessDate: string };
export type PostingBatch = ReturnType<typeof createPostingBatch>;

/** Journals on their way into the books, in columns (LED-7). */
export function createPostingBatch(sql: TransactionSql) {
  let events: PostedEvent[] = [];
  let journals: { readonly event: number; readonly journal: Journal }[] = [];

  return {
    add(event: PostedEvent, posted: readonly Journal[]): void {
      const nr = events.push(event);
      for (const journal of posted) journals.push({ event: nr, journal });
    },

    /** All or nothing; what is in the books already is passed over. Throws when a journal is there that another event posted. */
    async post(): Promise<void> {
      if (journals.length === 0) return;
      const legs = journals.flatMap(({ journal }, i) => journal.legs.map((leg, line) => ({ ...leg, line, of: i + 1 })));
      const e = (key: keyof PostedEvent) => events.map((event) => event[key]);
      const j = (key: "id" | "currency" | "memo") => journals.map(({ journal }) => journal[key]);
      const l = (key: "of" | "line" | "account" | "subject") => legs.map((leg) => leg[key]);
      const batch = sql`select ledger_post(
        ${e("merchant")}, ${e("id")}, ${e("type")}, ${e("businessDate")}, ${e("occurredat")}, ${e("time")},
        ${journals.map(({ event }) => event)}, ${j("id")}, ${j("currency")}, ${j("memo")}, ${journals.map(({ journal }) => journal.reverses ?? null)},
        ${l("of")}, ${l("line")}, ${l("account")}, ${l("subject")}, ${legs.map(({ amount }) => amount.toString())})`;
      [events, journals] = [[], []];
      await batch;
    },
  };
}
