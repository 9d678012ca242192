import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import { withShares, type ShareChanges } from "./evolve.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";

/** Nothing is on it and nobody paid: it ends without a number (DOM-18 wants no gaps). */
export function isEmptyCheck(check: CheckState): boolean {
  return Object.keys(check.shares).length === 0 && check.tenders.length === 0;
}

/**
 * A check takes changes of its shares until it is paid or closed; what was paid can never exceed what is owed (a refund is another document),
 * and a check whose due falls to zero by a void is paid.
 */
export function updateShares(check: CheckState, changes: ShareChanges): readonly DomainEvent[] | Refusal {
  if (check.status === "closed" || check.status === "voided") return refuse("check-closed", { check: check.id });
  const updated: DomainEvent = {
    type: "sale.check.updated",
    data: { added: [...changes.added], changed: [...changes.changed], removed: [...changes.removed] },
  };
  if (check.tenders.length === 0) return [updated];
  const next = withShares(check, changes);
  const totals = checkTotals(next);
  const due = BigInt(totals.due);
  if (due < 0n) return refuse("item-paid", { check: check.id, over: { amount: (-due).toString(), currency: check.currency } });
  if (due > 0n || next.status === "paid") return [updated];
  return [updated, { type: "sale.check.paid", data: { totals, tenders: [...next.tenders] } }];
}
