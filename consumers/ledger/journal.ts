import type { AccountCode } from "#shared/ledger/accounts.ts";

/** One side of a journal, in minor units: debit positive, credit negative. */
export type Leg = { readonly account: AccountCode; readonly subject: string; readonly amount: bigint };
export type Journal = {
  /**
   * Unique for ever within a merchant. What can be reversed later is named by what it is about (`pay_…/tender`), so that the reversal finds
   * it without looking; all else by its event.
   */
  readonly id: string;
  readonly currency: string;
  readonly memo: string;
  readonly legs: readonly Leg[];
  /** The journal that this one takes back; one journal is reversed once. */
  readonly reverses?: string;
};
/** What of a journal its reversal needs. */
export type BookedJournal = Pick<Journal, "currency" | "legs">;

export function debit(account: AccountCode, subject: string, minor: string | bigint): Leg {
  return { account, subject, amount: BigInt(minor) };
}

export function credit(account: AccountCode, subject: string, minor: string | bigint): Leg {
  return { account, subject, amount: -BigInt(minor) };
}

/** The same legs, other way round: a correction is a reversal, never a change. */
export function reversed(legs: readonly Leg[]): readonly Leg[] {
  return legs.map((leg) => ({ ...leg, amount: -leg.amount }));
}

/** Legs of zero are left out; a journal without legs is not made. */
export function posted(journals: readonly Journal[]): readonly Journal[] {
  return journals.flatMap((journal) => {
    const legs = journal.legs.filter((leg) => leg.amount !== 0n);
    return legs.length === 0 ? [] : [{ ...journal, legs }];
  });
}
