import { expect } from "vitest";
import type { World } from "#shared/domain/testing/given.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import type { Journal } from "./journal.ts";
import { journalsOf } from "./postings.ts";
import { forfeitJournalId, forfeitTakenBack } from "./tender-postings.ts";

/** The books, as the consumer would post the log, `without` some types; a journal's id is posted once. By account, and by `account subject`; debit is positive. */
export function booksOf(w: World, without: (type: EventType) => boolean = () => false): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  const ids = new Map<string, Journal>();
  const reversed = new Set<string>();
  w.written.forEach(({ stream, event }, n) => {
    if (without(event.type)) return;
    const envelope = { ...event, subject: stream, id: `evt_${n}` } as unknown as EventEnvelope;
    const journals = envelope.type === "payment.voucher.released" ? forfeitTakenBack(envelope, ids.get(forfeitJournalId(envelope.data.payment))) : journalsOf(envelope);
    for (const journal of journals) {
      expect(journal.legs.reduce((sum, { amount }) => sum + amount, 0n), journal.id).toBe(0n);
      expect(ids.has(journal.id), `${journal.id} twice`).toBe(false);
      ids.set(journal.id, journal);
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
