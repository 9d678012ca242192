import { expect } from "vitest";
import type { World } from "#shared/domain/testing/given.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { journalsOf } from "./postings.ts";

/** The books, as the consumer would post the log; a journal's id is posted once. By account, and by `account subject`; debit is positive. */
export function booksOf(w: World): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  const ids = new Set<string>();
  const reversed = new Set<string>();
  w.written.forEach(({ stream, event }, n) => {
    for (const journal of journalsOf({ ...event, subject: stream, id: `evt_${n}` } as unknown as EventEnvelope)) {
      expect(journal.legs.reduce((sum, { amount }) => sum + amount, 0n), journal.id).toBe(0n);
      expect(ids.has(journal.id), `${journal.id} twice`).toBe(false);
      ids.add(journal.id);
      if (journal.reverses !== undefined) {
        expect([ids.has(journal.reverses), reversed.has(journal.reverses)], journal.reverses).toEqual([true, false]);
        reversed.add(journal.reverses);
      }
      for (const { account, subject, amount } of journal.legs) {
        for (const key of [account, `${account} ${subject}`]) sums.set(key, (sums.get(key) ?? 0n) + amount);
      }
    }
  });
  return sums;
}
