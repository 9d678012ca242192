import { shareList } from "#shared/domain/check/share-list.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { compareQuantities } from "#shared/money/quantity.ts";
import { borneOf } from "./share-words.ts";

/** Lines that are meant, by share; with how many pieces of it when not all. */
export type Selection = ReadonlyMap<string, string | null>;
export type Meant = { readonly check: CheckState; readonly share: Share; readonly quantity: string | null };

export const NOTHING: Selection = new Map();

export function toggled(selection: Selection, share: string): Selection {
  const next = new Map(selection);
  if (!next.delete(share)) next.set(share, null);
  return next;
}

/** What of the selection is on this check; always the same when nothing is, so that a part without any is not drawn again. */
export function selectedOn(check: CheckState, selection: Selection): Selection {
  const own = [...selection].filter(([share]) => check.shares[share]);
  return own.length === 0 ? NOTHING : own.length === selection.size ? selection : new Map(own);
}

/** A combo goes as one: what is tapped takes its companions along. */
export function withCombo(selection: Selection, share: Share, check: CheckState): Selection {
  const next = new Map(toggled(selection, share.share));
  if (!share.combo) return next;
  for (const other of Object.values(check.shares)) {
    if (other.combo?.combo !== share.combo.combo) continue;
    if (next.has(share.share)) next.set(other.share, null);
    else next.delete(other.share);
  }
  return next;
}

/** What of the selection is still there: another tablet may have moved it meanwhile. */
export function meantIn(checks: readonly CheckState[], selection: Selection): readonly Meant[] {
  return checks.flatMap((check) => [...selection].flatMap(([id, quantity]) => {
    const share = check.shares[id];
    if (!share) return [];
    const { count } = borneOf(share);
    return [{ check, share, quantity: quantity === null || count === null || compareQuantities(quantity, count) >= 0 ? null : quantity }];
  }));
}

/** After "by seat": the lines of no seat that still lie whole on this check, where one guest would pay for all of them. */
export function leftShared(checks: readonly CheckState[], check: string | null): readonly Meant[] {
  const own = checks.find((each) => each.id === check);
  const elsewhere = new Set(checks.flatMap((each) => (each === own ? [] : shareList(each.shares).map(({ item }) => item))));
  return own ? shareList(own.shares).flatMap((share) => (share.seat === null && share.kind !== "stored-value" && !elsewhere.has(share.item) ? [{ check: own, share, quantity: null }] : [])) : [];
}

export function byCheck(meant: readonly Meant[]): ReadonlyMap<string, readonly Meant[]> {
  const groups = new Map<string, Meant[]>();
  for (const each of meant) groups.set(each.check.id, [...(groups.get(each.check.id) ?? []), each]);
  return groups;
}

/** As their cards say it. */
export function namesOf(lines: readonly Meant[]): string {
  const [first] = lines;
  return lines.length === 1 && first ? first.share.name : `${lines.length} items`;
}
