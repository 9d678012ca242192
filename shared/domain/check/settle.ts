import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Change, Reader, Refusal } from "../command.ts";
import { change, refuse } from "../deciding.ts";
import { finish, onBench } from "./bench.ts";
import { withShares, type ShareChanges } from "./evolve.ts";
import { lockedAmount, openAttempts } from "./evolve-payments.ts";
import type { CheckState } from "./state.ts";
import { benchOf } from "./surgery.ts";
import { checkTotals } from "./totals.ts";

/** Nothing is on it and nobody paid: it ends without a number (DOM-18 wants no gaps). */
export function isEmptyCheck(check: CheckState): boolean {
  return Object.keys(check.shares).length === 0 && check.tenders.length === 0 && openAttempts(check).length === 0;
}

/**
 * A check that stands alone takes changes of its shares until it is closed; what was paid, or is being paid, can never exceed what is owed (a refund is
 * another document), and a check whose due falls to zero by a void is paid.
 */
export function updateShares(check: CheckState, changes: ShareChanges): readonly DomainEvent[] | Refusal {
  if (check.status === "closed" || check.status === "voided") return refuse("check-closed", { check: check.id });
  const updated: DomainEvent = {
    type: "sale.check.updated",
    data: { added: [...changes.added], changed: [...changes.changed], removed: [...changes.removed] },
  };
  if (check.tenders.length === 0 && openAttempts(check).length === 0) return [updated];
  const next = withShares(check, changes);
  const totals = checkTotals(next);
  const due = BigInt(totals.due);
  if (due < 0n) return refuse("item-paid", { check: check.id, over: { amount: (-due).toString(), currency: check.currency } });
  if (due < lockedAmount(check)) return refuse("attempt-open", { check: check.id, payment: openAttempts(check)[0]?.payment ?? null });
  if (due > 0n || next.status === "paid" || check.tenders.length === 0) return [updated];
  return [updated, { type: "sale.check.paid", data: { totals, tenders: [...next.tenders] } }];
}

/**
 * Changes of shares, wherever in the family they stand. A check that stands alone is all that is looked at; of a family, everybody is told what
 * of charge and tax is theirs now, in the same decision (DOM-11).
 */
export function changeShares(home: CheckState, changes: ReadonlyMap<string, ShareChanges>, reader: Reader): readonly Change[] | Refusal {
  if (!home.family) {
    const updated = updateShares(home, changes.get(home.id) ?? { added: [], changed: [], removed: [] });
    return "refused" in updated ? updated : [change("check", home.id, updated)];
  }
  const bench = benchOf([home], reader);
  for (const [id, { added, changed, removed }] of changes) {
    const check = onBench(bench, id);
    const shares = { ...check.shares };
    for (const share of removed) delete shares[share];
    for (const share of [...changed, ...added]) shares[share.share] = share;
    bench.now.set(id, { ...check, shares });
  }
  return finish(bench, (check, delta) => ({ type: "sale.check.updated", data: changes.has(check.id) ? delta : { ...delta, why: "family" } }));
}
